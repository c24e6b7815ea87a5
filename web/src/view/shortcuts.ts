/** Single-letter shortcuts that stay out of the way of typing. */
import { useEffect } from "preact/hooks";

/** `press` says whether it used the key. */
export function useShortcuts(press: (key: string) => boolean): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.isComposing) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      // Escape means the same while typing; in a dialog it is the dialog's.
      if (event.key === "Escape" ? isInDialog(event.target) : isTyping(event.target)) return;
      if (press(event.key.toLowerCase())) event.preventDefault();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  });
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("dialog") !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select, dialog *"))
  );
}
