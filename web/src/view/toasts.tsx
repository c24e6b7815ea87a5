/** Short words that come and go, read out by screen readers. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";

const SHOWN_MS = 4_000;
const MOST = 3;

const toasts = signal<readonly { id: number; text: string }[]>([]);
let last = 0;

export function announce(text: string): void {
  last += 1;
  const id = last;
  // Said again, it is said anew, and stands there once.
  toasts.value = [...toasts.value.filter((toast) => toast.text !== text), { id, text }].slice(-MOST);
  setTimeout(() => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }, SHOWN_MS);
}

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
