/**
 * Files of this client that are loaded when they are first wanted.
 *
 * A network that changes fails whatever is under way, and a browser may keep a module that it could not
 * load as one that fails for as long as the page lives (HTML, "fetch a single module script", where the
 * module map keeps null; Firefox does, Chromium does not). So a file is brought into the browser's cache
 * first, where a failure is forgotten, and imported from there.
 */

/**
 * Milliseconds after which no more is expected of a file when nothing came of any, and it is asked for
 * anew: soon at first, for what a browser sends on a connection that another network left dead is never
 * answered; later then, for a network can be that slow. After the last of them it fails.
 */
const STALLED_MS = [3_000, 6_000, 12_000];
/** Milliseconds before it is asked for anew: what fails at once fails again while a network changes. */
const PAUSE_MS = 500;

/** The server has no such file: it has another build by now. */
export class Gone extends Error {
  constructor(readonly path: string) {
    super(path);
  }
}
/** The network, or a server in trouble, kept a file away: later it may come. */
export class Away extends Error {}

const fetched = new Map<string, Promise<void>>();
/** What is under way: each of them has its time anew when anything comes of one, since they share the link. */
const underWay = new Set<() => void>();

/** Resolves when the browser's cache has all of these, by their paths from the root of this origin; fails with `Gone` or `Away`. */
export async function fetchChunks(files: readonly string[]): Promise<void> {
  await Promise.all(files.map((file) => fetchOnce(`/${file}`)));
}

function fetchOnce(path: string): Promise<void> {
  const before = fetched.get(path);
  if (before) return before;
  const asked = attempt(path, STALLED_MS, "default");
  fetched.set(path, asked);
  asked.catch(() => fetched.delete(path));
  return asked;
}

async function attempt(path: string, [patience = 0, ...rest]: readonly number[], cache: RequestCache): Promise<void> {
  try {
    await download(path, patience, cache);
  } catch (error) {
    if (error instanceof Gone && cache === "reload") throw error;
    if (rest.length === 0) throw new Away(path, { cause: error });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    // What the cache holds may be of a moment at which the server did not have the file yet.
    await attempt(path, rest, "reload");
  }
}

async function download(path: string, patience: number, cache: RequestCache): Promise<void> {
  const stalled = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(), patience);
  };
  underWay.add(wait);
  wait();
  try {
    const response = await fetch(path, { signal: stalled.signal, cache });
    const reader = response.body?.getReader();
    while (reader && !(await reader.read()).done) for (const more of underWay) more();
    if (isNotThere(response)) throw new Gone(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
  } finally {
    underWay.delete(wait);
    clearTimeout(timer);
  }
}

/** For what it does not have, the server has the document that every page is (`not_found_handling` in `wrangler.toml`). */
function isNotThere({ ok, status, headers }: Response): boolean {
  return status === 404 || status === 410 || (ok && (headers.get("content-type") ?? "").startsWith("text/html"));
}
