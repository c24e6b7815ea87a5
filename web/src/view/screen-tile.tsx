/** A screen that somebody shares: all of it, whatever its shape. */
import { MonitorUp } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Tile } from "../call/layout";
import type { Participant } from "../protocol";
import { words } from "../text";
import { Picture } from "./picture";
import { PinButton, type PinReach, placeOf } from "./pin-button";

interface ScreenTileProps {
  tile: Tile;
  person: Participant;
  track: MediaStreamTrack | null;
  reach: PinReach | null;
}

export function ScreenTile({ tile, person, track, reach }: ScreenTileProps): JSX.Element {
  const [shown, setShown] = useState(false);
  const label = words.stage.screenOf(person.name);
  return (
    <div
      role="group"
      aria-label={label}
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
      {!(shown && track) && <span class="skeleton" aria-hidden="true" />}
      <span class="name-plate" aria-hidden="true">
        <MonitorUp size={14} />
        <span class="name">{label}</span>
      </span>
      {reach && <PinButton person={person} reach={reach} />}
    </div>
  );
}
