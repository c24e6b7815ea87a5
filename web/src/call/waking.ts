/**
 * Tells when what is open may be open no more, without anybody having said so: the machine slept, the
 * page was away, the network is another.
 */

/** How often the clock is looked at, in milliseconds: before media that came no more is asked for on a dead socket. */
const LOOK_EVERY_MS = 500;
/** Looks further apart than this tell that time passed without the page. */
const SLEPT_MS = 5_000;

export interface Waking {
  /** Look whether the connections still work. */
  doubt(): void;
  /** The page stood still for this long, in milliseconds. Said instead of `doubt`. */
  woke(slept: number): void;
  /** The browser has a network, or none. */
  online(online: boolean): void;
}

/** Watches until the function that is returned is called. */
export function watch({ doubt, woke, online }: Waking): () => void {
  const stops: (() => void)[] = [];
  const on = (target: EventTarget | undefined, type: string, listener: () => void) => {
    target?.addEventListener(type, listener);
    stops.push(() => target?.removeEventListener(type, listener));
  };
  // The clock of day: others stand still while a machine sleeps.
  let looked = Date.now();
  const look = () => {
    const slept = Date.now() - looked;
    looked = Date.now();
    if (slept < SLEPT_MS) return false;
    woke(slept);
    return true;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  stops.push(() => clearInterval(timer));
  const doubtUnlessWoken = () => {
    if (!look()) doubt();
  };
  on(window, "online", () => {
    online(true);
    doubtUnlessWoken();
  });
  on(window, "offline", () => online(false));
  on(window, "pageshow", doubtUnlessWoken);
  // https://wicg.github.io/page-lifecycle/
  on(document, "resume", doubtUnlessWoken);
  on(document, "visibilitychange", () => {
    if (document.visibilityState === "visible") doubtUnlessWoken();
  });
  on((navigator as { connection?: EventTarget }).connection, "change", doubtUnlessWoken);
  return () => {
    for (const stop of stops) stop();
  };
}
