/** Parts of a view that are loaded when they are first wanted, or before, while nothing else is to do. */
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { words } from "../text";

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
    const [failures, setFailures] = useState(0);
    const bring = () => {
      fetch().then(
        (part) => setShown(() => part),
        () => setFailures((before) => before + 1),
      );
    };
    useEffect(() => {
      if (Shown === null) bring();
    }, []);
    if (Shown !== null) return <Shown {...props} />;
    if (failures === 0) return <div aria-busy="true" />;
    // A newer build has the part under another name.
    const stays = failures > 1;
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
