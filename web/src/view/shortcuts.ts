/** Single-key shortcuts that stay out of the way of typing. */
import { useLayoutEffect } from "preact/hooks";
import { keysOn } from "../call/preferences";

/**
 * Every key that does something in a call, in the order of the sheet; `view/shortcut-sheet.tsx`
 * lists this table, and the call acts on it. `Escape` and `Space` as `KeyboardEvent.code` names them.
 */
export const KEYS = {
  microphone: "m",
  talk: "Space",
  camera: "v",
  share: "s",
  hand: "h",
  react: "r",
  chat: "c",
  people: "p",
  layout: "l",
  settings: ",",
  connection: "i",
  sheet: "?",
  close: "Escape",
} as const;

export type Shortcut = keyof typeof KEYS;
/** Those that act when their key goes down; holding to talk is `push-to-talk.ts`. */
export type Pressed = Exclude<Shortcut, "talk">;

/** What each does; false when there was nothing to do. */
export type Actions = Record<Pressed, () => boolean | void>;

/** Keys of other scripts' keyboards for the same marks. */
const SAME: Readonly<Record<string, string>> = { "؟": "?", "？": "?", "،": ",", "，": "," };

/** `view`: the window whose keys count. */
export function useShortcuts(actions: Partial<Actions>, view: Window = window): void {
  // Before the next key: what a key does depends on what was drawn.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.isComposing || withModifier(event)) return;
      const action = actionOf(event);
      if (action === null) return;
      // Escape means the same while typing; in a dialog it is the dialog's.
      if (action === "close" ? isInDialog(event.target) : !keysOn.value || isTyping(event.target)) return;
      const act = actions[action];
      if (act && act() !== false) event.preventDefault();
    };
    view.addEventListener("keydown", listen);
    return () => view.removeEventListener("keydown", listen);
  });
}

export function withModifier(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}

/** Nothing else may be meant by a key that is pressed there. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    isInDialog(target) ||
    (target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select")))
  );
}

function actionOf(event: KeyboardEvent): Pressed | null {
  const key = keyOf(event);
  const found = (Object.keys(KEYS) as Shortcut[]).find((action) => action !== "talk" && KEYS[action] === key);
  return (found as Pressed | undefined) ?? null;
}

/** The letter that the key bears: on keyboards of other scripts, the Latin one in its place. */
function keyOf({ key, code }: KeyboardEvent): string {
  if (key.length > 1) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return (key > "\u024f" && letter ? letter : (SAME[key] ?? key)).toLowerCase();
}

function isInDialog(target: EventTarget | null): boolean {
  // What is behind a dialog cannot have the focus, but the page itself can.
  return document.querySelector("dialog[open]") !== null || (target instanceof Element && target.closest("dialog") !== null);
}
