/** E-mail addresses in what people type and paste. Pure. */

const MOST_BYTES = 254;

export interface Read {
  /** In the order given, each once, as the server keeps them. */
  addresses: readonly string[];
  /** Pieces that are no address. */
  bad: readonly string[];
}

/**
 * The addresses in a list as mail programs and tables write it: separated by commas, semicolons,
 * spaces or lines, also as `Name <address>`.
 */
export function readAddresses(text: string): Read {
  const addresses = new Set<string>();
  const bad = new Set<string>();
  for (const line of text.split(/[,;\n\r\t]+/)) {
    // Of "Ada Lovelace <ada@example.org>" only what is in brackets is an address.
    const bracketed = [...line.matchAll(/<([^<>]*)>/g)].map((found) => found[1] ?? "");
    for (const piece of bracketed.length > 0 ? bracketed : line.split(/\s+/)) {
      const address = piece.trim().replace(/^mailto:/i, "").replace(/^["'(]+|["').]+$/g, "").toLowerCase();
      if (address === "") continue;
      (isAddress(address) ? addresses : bad).add(address);
    }
  }
  return { addresses: [...addresses], bad: [...bad] };
}

/** Its form only, as the server checks it. */
export function isAddress(text: string): boolean {
  const address = text.trim();
  if (new TextEncoder().encode(address).length > MOST_BYTES) return false;
  return /^[^@\s<>,;\p{Cc}]+@[^@\s<>,;.\p{Cc}]+(\.[^@\s<>,;.\p{Cc}]+)+$/u.test(address);
}
