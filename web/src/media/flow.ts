/** A connection and what it said last, of which a session shows that of the one in use. */
import type { ParticipantId, PausedTile, WeakNetwork } from "../protocol";
import type { Carrier, MediaConnection, MediaEvents } from "./connection";
import type { TrackKey } from "./slots";

export type Tracks = ReadonlyMap<TrackKey, MediaStreamTrack>;

/** What is seen and heard, and what is to know about it. */
export interface ShownEvents {
  /** What carries it from now on. */
  carrier(carrier: Carrier): void;
  tracks(tracks: Tracks): void;
  sounds(tracks: readonly MediaStreamTrack[]): void;
  speakers(participants: readonly ParticipantId[]): void;
  /** The tiles that get no picture now, all of them. */
  paused(tiles: readonly PausedTile[]): void;
  /** Whose network is not good, all of them. */
  networks(weak: readonly WeakNetwork[]): void;
}

type Reports = Pick<MediaEvents, "tracks" | "speakers" | "paused" | "networks">;

export class Flow<Connection extends MediaConnection = MediaConnection> {
  readonly connection: Connection;
  tracks: Tracks = new Map();
  /** Media flows on it, or did. */
  flows = false;
  #speakers: readonly ParticipantId[] = [];
  #paused: readonly PausedTile[] = [];
  #networks: readonly WeakNetwork[] = [];

  /** `isShown`: whether it is the one in use. */
  constructor(
    connect: (reports: Reports) => Connection,
    private readonly isShown: (flow: MediaConnection) => boolean,
    private readonly events: ShownEvents,
  ) {
    const said = (shown: () => void) => {
      if (this.connection && this.isShown(this.connection)) shown();
    };
    this.connection = connect({
      tracks: (tracks) => {
        this.tracks = tracks;
        said(() => this.events.tracks(tracks));
      },
      speakers: (participants) => {
        this.#speakers = participants;
        said(() => this.events.speakers(participants));
      },
      paused: (tiles) => {
        this.#paused = tiles;
        said(() => this.events.paused(tiles));
      },
      networks: (weak) => {
        this.#networks = weak;
        said(() => this.events.networks(weak));
      },
    });
  }

  /** From now on it is seen and heard. */
  show(): void {
    hear(this.connection, true);
    this.events.carrier(this.connection.carrier ?? "region");
    this.events.sounds(this.connection.sounds);
    this.events.tracks(this.tracks);
    this.events.speakers(this.#speakers);
    this.events.paused(this.#paused);
    this.events.networks(this.#networks);
  }
}

/** Two connections carry the same voices for a while; only one of them sounds. */
export function hear(connection: MediaConnection, on: boolean): void {
  for (const track of connection.sounds) track.enabled = on;
}
