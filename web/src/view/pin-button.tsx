/** On each tile, the button that makes its person large for whoever presses it. */
import { Pin, PinOff } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Tile } from "../call/layout";
import { pinned, togglePin } from "../call/view-choices";
import type { Participant } from "../protocol";
import { words } from "../text";
import { forward } from "./direction";

/**
 * One of all pin buttons is reached with Tab, the arrows lead to the others: forty-nine tiles must
 * not stand between the page's head and the controls.
 */
export interface PinReach {
  tabbable: boolean;
  onReach(): void;
}

export function PinButton({ person, reach }: { person: Participant; reach: PinReach }): JSX.Element {
  const on = pinned.value === person.id;
  const label = (on ? words.pin.unpin : words.pin.pin)(person.name);
  const Icon = on ? PinOff : Pin;
  return (
    <button
      type="button"
      class="pin"
      aria-label={label}
      title={label}
      tabIndex={reach.tabbable ? 0 : -1}
      onFocus={reach.onReach}
      onClick={() => togglePin(person.id)}
    >
      <Icon size={18} aria-hidden="true" />
    </button>
  );
}

/** For each tile, whether its button is the one that Tab reaches. None on the small own picture above others. */
export function usePinReach(tiles: readonly Tile[], own: string | null): (tile: Tile) => PinReach | null {
  const [last, setLast] = useState<string | null>(null);
  const first = tiles.find((tile) => tile.id !== own);
  const tabbable = tiles.find((tile) => tile.id !== own && tile.id === last) ?? first;
  return (tile) =>
    tile.id === own || tiles.length < 2 ? null : { tabbable: tile === tabbable, onReach: () => setLast(tile.id) };
}

/** The arrows go from button to button. */
export function walkPins(event: JSX.TargetedKeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: forward(), ArrowDown: 1, ArrowLeft: -forward(), ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>(".pin")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  if (at < 0) return;
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}

export function placeOf({ x, y, width, height }: Tile): JSX.CSSProperties {
  return { width: `${width}px`, height: `${height}px`, transform: `translate(${x}px, ${y}px)` };
}
