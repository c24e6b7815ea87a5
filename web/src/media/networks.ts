/**
 * In which networks nothing but the WebSocket got through, so that the next call there need not find out.
 *
 * A network goes by the name that the edge gives it, a keyed hash of an address prefix: no address is
 * stored. Pure; the caller keeps the text.
 */

/** Networks that are remembered; the one not met for longest makes room. */
export const NETWORKS = 20;
/** A network that was not met for so long is forgotten: it may let more through by now. */
export const REMEMBERED_MS = 28 * 24 * 60 * 60 * 1_000;

type Known = readonly [name: string, at: number];

/** Whether nothing but the WebSocket got through there when it was met last. */
export function isBlocked(kept: string, name: string, now: number): boolean {
  return read(kept, now).some(([known]) => known === name);
}

/** What to keep once it is known. */
export function met(kept: string, name: string, blocked: boolean, now: number): string {
  const others = read(kept, now).filter(([known]) => known !== name);
  const all: Known[] = blocked ? [[name, now], ...others] : others;
  return all.length === 0 ? "" : JSON.stringify(all.slice(0, NETWORKS));
}

function read(kept: string, now: number): Known[] {
  try {
    const list: unknown = JSON.parse(kept || "[]");
    if (!Array.isArray(list)) return [];
    return list.filter(
      (one): one is Known =>
        Array.isArray(one) &&
        typeof one[0] === "string" &&
        typeof one[1] === "number" &&
        one[1] <= now &&
        now - one[1] < REMEMBERED_MS,
    );
  } catch {
    return [];
  }
}
