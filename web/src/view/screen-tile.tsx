/** A screen that somebody shares: all of it, whatever its shape. */
import { MonitorUp } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Tile } from "../call/layout";
import type { Participant, PauseReason } from "../protocol";
import { words } from "../text";
import { PausedMark } from "./paused-mark";
import { Picture } from "./picture";
import { PinButton, type PinReach, placeOf } from "./pin-button";

interface ScreenTileProps {
  tile: Tile;
  person: Participant;
  track: MediaStreamTrack | null;
  /** Why the picture stands still. */
  paused: PauseReason | null;
  reach: PinReach | null;
}

export function ScreenTile({ tile, person, track, paused, reach }: ScreenTileProps): JSX.Element {
  const [shown, setShown] = useState(false);
  const label = words.stage.screenOf(person.name);
  return (
    <div
      role="group"
      aria-label={words.tile.label(label, paused ? [words.stage.paused[paused]] : [])}
      class="tile screen-tile"
      data-participant={person.id}
      style={placeOf(tile)}
      tabIndex={reach ? -1 : undefined}
    >
      {track && (
        <div class={shown ? "tile-picture shown" : "tile-picture"}>
          <Picture track={track} onShow={setShown} />
        </div>
      )}
      {!(shown && track) && !paused && <span class="skeleton" aria-hidden="true" />}
      {paused && <PausedMark reason={paused} />}
      <span class="name-plate" aria-hidden="true">
        <MonitorUp size={14} />
        <span class="name">{label}</span>
      </span>
      {reach && <PinButton person={person} reach={reach} />}
    </div>
  );
}
