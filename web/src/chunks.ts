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

/** The server has no such file: it has another build by now. */
export class Gone extends Error {}

const fetched = new Map<string, Promise<void>>();
/** What is under way: each of them has its time anew when anything comes of one, since they share the link. */
const underWay = new Set<() => void>();

/** Resolves when the browser's cache has all of these, by their paths from the root of this origin. */
export async function fetchChunks(files: readonly string[]): Promise<void> {
  await Promise.all(files.map((file) => fetchOnce(`/${file}`)));
}

function fetchOnce(path: string): Promise<void> {
  const before = fetched.get(path);
  if (before) return before;
  const asked = attempt(path, STALLED_MS);
  fetched.set(path, asked);
  asked.catch(() => fetched.delete(path));
  return asked;
}

async function attempt(path: string, [patience = 0, ...rest]: readonly number[]): Promise<void> {
  try {
    await download(path, patience);
  } catch (error) {
    if (rest.length === 0 || error instanceof Gone) throw error;
    await attempt(path, rest);
  }
}

async function download(path: string, patience: number): Promise<void> {
  const stalled = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(), patience);
  };
  underWay.add(wait);
  wait();
  try {
    const response = await fetch(path, { signal: stalled.signal });
    const reader = response.body?.getReader();
    while (reader && !(await reader.read()).done) for (const more of underWay) more();
    if (!response.ok) throw new Gone(`${path}: ${response.status}`);
  } finally {
    underWay.delete(wait);
    clearTimeout(timer);
  }
}
