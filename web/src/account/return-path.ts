/** Where a person wanted to go before signing in: a path of this site, or nothing. */

const MOST = 512;
/** Pages that make no sense after signing in. */
const NOT_BACK_TO = /^\/(signin|signup|verify|reset)(\/|$)/;

/** The path when it is one of this site's own, else `/home`. */
export function ownPath(wanted: string | null | undefined): string {
  if (!wanted || wanted.length > MOST || !/^\/(?![/\\])/.test(wanted) || /[\p{Cc}\\]/u.test(wanted)) return "/home";
  // What a browser makes of it counts, not what it looks like.
  const base = "https://own.invalid";
  const url = URL.canParse(wanted, base) ? new URL(wanted, base) : null;
  if (url?.origin !== base || url.pathname.startsWith("//") || NOT_BACK_TO.test(url.pathname)) return "/home";
  return url.pathname + url.search;
}

/** The sign-in page that leads back to `path`. */
export function signInPath(path: string): string {
  const back = ownPath(path);
  return back === "/home" || back === "/" ? "/signin" : `/signin?return=${encodeURIComponent(back)}`;
}
