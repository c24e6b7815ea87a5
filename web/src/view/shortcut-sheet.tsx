/** Every key that does something in a call, as a table to look at. */
import type { JSX } from "preact";
import { keysOn, pushToTalk } from "../call/preferences";
import { Dialog } from "../home/dialog";
import { words } from "../text";
import { KEYS, type Shortcut } from "./shortcuts";
import "../styles/plan.css";
import "../styles/keys.css";

export function ShortcutSheet({ onClose }: { onClose(): void }): JSX.Element {
  const { keys } = words;
  const works = (shortcut: Shortcut) =>
    shortcut === "close" || (shortcut === "talk" ? pushToTalk.value : keysOn.value);
  const shown = (Object.keys(KEYS) as Shortcut[]).filter(works);
  return (
    <Dialog title={keys.title} class="key-sheet" onClose={onClose}>
      <div class="sheet-body">
        <p class="note">{keysOn.value ? keys.notWhileTyping : keys.off}</p>
        <dl class="keys">
          {shown.map((shortcut) => (
            <div key={shortcut}>
              <dt>
                <kbd>{keyName(KEYS[shortcut])}</kbd>
              </dt>
              <dd>{keys.does[shortcut]}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  );
}

function keyName(key: string): string {
  if (key === KEYS.talk) return words.keys.space;
  return key === KEYS.close ? words.keys.escape : key.toUpperCase();
}
