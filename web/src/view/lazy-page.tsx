/** Pages that are loaded when they are opened; one that cannot be loaded says so. */
import type { ComponentType, JSX } from "preact";
import { lazy } from "preact-iso";
import { Gone } from "../chunks";
import { recall, remember } from "../storage";
import { words } from "../text";
import { Statement } from "./page";

export function lazyPage<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy<ComponentType<Props>>(async () => {
    const { pathname } = location;
    try {
      return await load();
    } catch (error) {
      // A newer build has the page under another name. Who went on, maybe into a call, stays there.
      if (error instanceof Gone && location.pathname === pathname && isFirstFor(error.path)) location.reload();
      return { default: NotLoaded };
    }
  });
}

/** Whether nothing was loaded anew for this file before: where that did not help, it would not end. */
function isFirstFor(path: string): boolean {
  if (recall("reloaded_for") === path) return false;
  remember("reloaded_for", path);
  return recall("reloaded_for") === path;
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
