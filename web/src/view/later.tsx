/** Parts of a view that are loaded when they are first wanted, or before, while nothing else is to do. */
import type { ComponentType, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Gone } from "../chunks";
import { words } from "../text";

/** Milliseconds until what could not be loaded is tried again without being asked; twice as long each time, up to the longest. */
const AGAIN_MS = 1_000;
const LONGEST_MS = 16_000;

interface Failure {
  /** In a row. */
  times: number;
  /** The server has no such file; it is not tried again without being asked. */
  gone: boolean;
}

export interface Later<Props> {
  (props: Props): JSX.Element | null;
  /** Loads it already; a failure shows when the part is wanted. */
  fetch(): void;
}

export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): Later<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<ComponentType<Props>> | null = null;

  const fetch = () => {
    loading ??= load().then(
      (part) => {
        loaded = part;
        return part;
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };

  const Part: Later<Props> = (props) => {
    const [Shown, setShown] = useState<ComponentType<Props> | null>(() => loaded);
    const [{ times, gone }, setFailure] = useState<Failure>({ times: 0, gone: false });
    const bringing = useRef(false);
    const bring = () => {
      if (bringing.current) return;
      bringing.current = true;
      fetch()
        .then(
          (part) => setShown(() => part),
          (error: unknown) => setFailure((before) => ({ times: before.times + 1, gone: error instanceof Gone })),
        )
        .finally(() => (bringing.current = false));
    };
    useEffect(() => {
      if (Shown === null) bring();
    }, []);
    useEffect(() => {
      if (times === 0 || gone) return undefined;
      const again = setTimeout(bring, Math.min(AGAIN_MS * 2 ** (times - 1), LONGEST_MS));
      addEventListener("online", bring);
      return () => {
        clearTimeout(again);
        removeEventListener("online", bring);
      };
    }, [times]);
    if (Shown !== null) return <Shown {...props} />;
    if (times === 0) return <div aria-busy="true" />;
    // A newer build has the part under another name.
    const stays = times > 1;
    return (
      <div class="empty" role="alert">
        <p>{stays ? words.broken.again : words.notLoaded.next}</p>
        <button type="button" class="button" onClick={bring}>
          {words.tryAgain}
        </button>
        {stays && (
          <button type="button" class="button primary" onClick={() => location.reload()}>
            {words.broken.reload}
          </button>
        )}
      </div>
    );
  };
  Part.fetch = () => void fetch().catch(() => undefined);
  return Part;
}
