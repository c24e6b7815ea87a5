/** Pages that are loaded when they are opened; one that cannot be loaded says so. */
import type { ComponentType, JSX } from "preact";
import { lazy } from "preact-iso";
import { Gone } from "../chunks";
import { words } from "../text";
import { Statement } from "./page";

/** A client this young is not of an earlier build: loading it again would not help. */
const RELOAD_AFTER_MS = 10_000;

export function lazyPage<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy<ComponentType<Props>>(() =>
    load().catch((error: unknown) => {
      // A newer build has the page under another name.
      if (error instanceof Gone && performance.now() > RELOAD_AFTER_MS) location.reload();
      return { default: NotLoaded };
    }),
  );
}

function NotLoaded(): JSX.Element {
  return (
    <Statement title={words.notLoaded.title} next={words.notLoaded.next}>
      <button type="button" class="button primary large" onClick={() => location.reload()}>
        {words.tryAgain}
      </button>
    </Statement>
  );
}
