/** One person on the stage: picture or initials, name, and what is to know about them. */
import { Hand, MicOff, Pin, Star, WifiOff } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Tile } from "../call/layout";
import { mirrored } from "../call/view-choices";
import type { Participant, PauseReason, WeakQuality } from "../protocol";
import { words } from "../text";
import { Avatar } from "./avatar";
import { NETWORK_ICONS } from "./network-icons";
import { PausedMark } from "./paused-mark";
import { Picture } from "./picture";
import { PinButton, type PinReach, placeOf } from "./pin-button";

interface TileProps {
  tile: Tile;
  person: Participant;
  self: boolean;
  /** Small, above another. */
  inset: boolean;
  speaking: boolean;
  track: MediaStreamTrack | null;
  /** Why the picture stands still. */
  paused: PauseReason | null;
  /** How good their network is when it is not good. */
  network: WeakQuality | null;
  /** Why they are large: the person pinned them, or a host shows them to everyone. */
  chosen: "pinned" | "spotlit" | null;
  /** Where the button to pin stands among the keys' reach; null for no button. */
  reach: PinReach | null;
}

export function ParticipantTile({ tile, person, self, inset, speaking, track, paused, network, chosen, reach }: TileProps): JSX.Element {
  const [shown, setShown] = useState(false);
  const reconnecting = person.presence === "reconnecting";
  const still = person.camera && !reconnecting ? paused : null;
  const weak = reconnecting ? null : network;
  const Network = weak && NETWORK_ICONS[weak];
  const loud = speaking && person.microphone;
  const marks = [
    ...(self ? [words.tile.you] : []),
    ...(person.role === "host" ? [words.tile.host] : []),
    ...(person.role === "cohost" ? [words.tile.cohost] : []),
    ...(person.stream ? [words.tile.stream[person.stream]] : []),
    ...(person.microphone ? [] : [words.tile.muted]),
    ...(person.camera ? [] : [words.tile.cameraOff]),
    ...(still ? [words.stage.paused[still]] : []),
    ...(person.hand_raised_at === undefined ? [] : [words.hands.mark]),
    ...(chosen ? [words.stage[chosen]] : []),
    ...(loud ? [words.tile.speaking] : []),
    ...(weak ? [words.stage.network[weak]] : []),
    ...(reconnecting ? [words.tile.reconnecting] : []),
  ];
  return (
    <div
      role="group"
      aria-label={words.tile.label(person.name, marks)}
      class={`tile ${inset ? "inset" : ""} ${loud ? "speaking" : ""} ${reconnecting ? "away" : ""}`}
      data-participant={person.id}
      style={placeOf(tile)}
      tabIndex={reach ? -1 : undefined}
    >
      <Avatar id={person.id} name={person.name} />
      {track && person.camera && (
        <div class={shown ? "tile-picture shown" : "tile-picture"}>
          <Picture track={track} mirrored={self && mirrored.value} onShow={setShown} />
        </div>
      )}
      {person.camera && !(shown && track) && !still && <span class="skeleton" aria-hidden="true" />}
      {still && <PausedMark reason={still} />}
      <span class="name-plate" aria-hidden="true">
        {person.hand_raised_at !== undefined && <Hand size={14} class="mark-hand" />}
        {chosen === "pinned" && <Pin size={14} />}
        {chosen === "spotlit" && <Star size={14} />}
        {!person.microphone && <MicOff size={14} class="mark-muted" />}
        {Network && <Network size={14} class="mark-network" />}
        {reconnecting && <WifiOff size={14} class="mark-away" />}
        <span class="bars">
          <i />
          <i />
          <i />
        </span>
        <span class="name" dir="auto">{self ? words.you : person.name}</span>
      </span>
      {reach && <PinButton person={person} reach={reach} />}
    </div>
  );
}
