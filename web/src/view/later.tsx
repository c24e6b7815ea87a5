/** Parts of a view that are loaded when they are first wanted, or before, while nothing else is to do. */
import type { ComponentType, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Away } from "../chunks";
import { words } from "../text";
import { useFocusAfter } from "./focus";

/** Milliseconds until a part that the network keeps away is tried again, for as long as it is wanted. */
const AGAIN_MS = 4_000;

export interface Later<Props> {
  (props: Props): JSX.Element | null;
  /** Loads it already; a failure shows when the part is wanted. */
  fetch(): void;
}

interface Options<Props> {
  /** Instead of saying it in its place and trying again, for a part that lies over everything and has no place; `away` as in `Failure`. */
  onFailure?(props: Props, away: boolean): void;
}

interface Failure {
  /** In a row. */
  times: number;
  /** It may come later; what failed otherwise, or is gone, needs the page loaded anew. */
  away: boolean;
}

export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { onFailure }: Options<Props> = {},
): Later<Props> {
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
    const [failure, setFailure] = useState<Failure | null>(null);
    /** What had the focus when the part came by itself. */
    const focused = useRef<HTMLElement | null>(null);
    const bring = (byItself = false) => {
      fetch().then(
        (part) => {
          if (byItself) focused.current = document.activeElement as HTMLElement;
          setShown(() => part);
        },
        (error: unknown) => {
          const away = error instanceof Away;
          if (onFailure) onFailure(props, away);
          else setFailure((before) => ({ times: (before?.times ?? 0) + 1, away }));
        },
      );
    };
    useEffect(() => {
      if (Shown === null) bring();
    }, []);
    // After the part's own: it may take the focus where a person opens it, not where it comes by itself.
    useLayoutEffect(() => {
      const element = focused.current;
      if (!element?.isConnected || element === document.activeElement) return;
      if (element === document.body) (document.activeElement as HTMLElement).blur();
      else element.focus();
    }, [Shown]);
    useEffect(() => {
      if (Shown !== null || !failure?.away) return undefined;
      const again = setTimeout(bring, AGAIN_MS, true);
      return () => clearTimeout(again);
    }, [failure, Shown]);
    if (Shown !== null) return <Shown {...props} />;
    if (failure === null) return <div aria-busy="true" />;
    // A newer build has the part under another name.
    return <NotLoaded reload={!failure.away && failure.times > 1} onRetry={() => bring()} />;
  };
  Part.fetch = () => void fetch().catch(() => undefined);
  return Part;
}

function NotLoaded({ reload, onRetry }: { reload: boolean; onRetry(): void }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  useFocusAfter(host, (inside) => inside.closest(".panel")?.querySelector("h2") ?? document.querySelector("h1"));
  return (
    <div ref={host} class="empty" role="alert">
      <p>{reload ? words.broken.again : words.notLoaded.next}</p>
      <button type="button" class="button" onClick={onRetry}>
        {words.tryAgain}
      </button>
      {reload && (
        <button type="button" class="button primary" onClick={() => location.reload()}>
          {words.broken.reload}
        </button>
      )}
    </div>
  );
}
