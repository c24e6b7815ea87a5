/** Says on a tile why its picture stands still. The tile's name says it to assistive software. */
import { Pause } from "lucide-preact";
import type { JSX } from "preact";
import type { PauseReason } from "../protocol";
import { words } from "../text";

export function PausedMark({ reason }: { reason: PauseReason }): JSX.Element {
  return (
    <span class="paused-mark" aria-hidden="true">
      <Pause size={14} />
      <span>{words.stage.paused[reason]}</span>
    </span>
  );
}
