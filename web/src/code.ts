/** Meeting codes: `abc-defg-hjk`, ten letters of which none is misread for another. */

const LETTERS = /^[abcdefghjkmnprstwxyz]{10}$/;

/** Where a meeting is, for people. */
export function linkTo(code: string): string {
  return new URL(`/m/${code}`, location.origin).href;
}

/** The code in what a person pasted: with or without hyphens, in any case, or the end of a link. */
export function codeFrom(pasted: string): string | null {
  const path = (pasted.trim().split(/[?#]/)[0] ?? "").replace(/\/+$/, "");
  const last = path.split("/").at(-1) ?? "";
  const letters = last.replace(/[- ]/g, "").toLowerCase();
  if (!LETTERS.test(letters)) return null;
  return `${letters.slice(0, 3)}-${letters.slice(3, 7)}-${letters.slice(7)}`;
}
