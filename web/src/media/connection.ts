/**
 * One media session of this browser, whatever carries it.
 *
 * The call knows only this. `region.ts` is the way through a media region, `direct.ts` the one to another
 * browser; one over a WebSocket fits the same shape.
 */
import type { IceServer, MediaOffer, ParticipantId, PausedTile, Slot, Source, WeakNetwork, Wish } from "../protocol";
import type { Delivered } from "./handover";
import type { TrackKey } from "./slots";

/** What a connection needs from outside while it is being made. */
export interface MediaEvents {
  /** The offer was answered, or ICE found a way: media is still to flow. */
  progress?(step: "answered" | "found"): void;
  /** Media flows, or flows again. */
  connected(): void;
  /** Nothing comes any more; what may help without another connection is under way. `connected` follows, or `lost`. */
  interrupted(): void;
  /** It will not come back by itself: make another. */
  lost(): void;
  /** Whether another could be made now. */
  replaceable(): boolean;
  /** Which track is whose changed. */
  tracks(tracks: ReadonlyMap<TrackKey, MediaStreamTrack>): void;
  /** Who speaks, loudest first. */
  speakers(participants: readonly ParticipantId[]): void;
  /** The tiles that get no picture now, all of them. */
  paused(tiles: readonly PausedTile[]): void;
  /** Whose network is not good, of one's own and of those who are seen or heard, all of them. */
  networks(weak: readonly WeakNetwork[]): void;
}

/** Limits of one encoding that is sent. */
export interface SendLimits {
  /** Divides width and height of the picture. */
  scaleDownBy: number;
  maxBitrate: number;
  maxFramerate: number;
}

/** What carries media. */
export type Carrier = "region" | "direct" | "websocket";

export interface MediaConnection {
  /** What this is a connection of; a region's WebRTC where it does not say. */
  readonly carrier?: Carrier;
  /** All tracks that sound can come on, for as long as the connection lives. */
  readonly sounds: readonly MediaStreamTrack[];
  /** Sends this track from now on, or nothing. Never negotiates. */
  publish(source: Source, track: MediaStreamTrack | null): void;
  /** The tiles on screen, all of them. */
  wish(tiles: readonly Wish[]): void;
  /** The network may be another, or the page was away: find out now whether media still flows. */
  doubt(): void;
  /** May use these relays from now on, where it looks for another way. */
  relayBy(servers: readonly IceServer[]): void;
  /** What it reports of itself (W3C webrtc-stats). */
  stats(): Promise<RTCStatsReport>;
  /** When each track last came; told by connections that another can wait with. */
  delivered?(): Delivered;
  /** Is not used here any more: closes as soon as the other end can do without it, too. */
  retire?(): void;
  close(): void;
}

/** A connection that is offered to the room and answered by whoever it chooses. */
export interface OfferedConnection extends MediaConnection {
  /** Ready to be sent; made ahead of need. Rejects when this browser cannot make one. */
  readonly offer: Promise<MediaOffer>;
  accept(sdp: string, slots: readonly Slot[]): Promise<void>;
}

/**
 * What a shared screen sends. Text must be sharp and may come slowly; where things move, they must
 * move.
 */
export function screenLimits(hint: string): SendLimits {
  return hint === "motion"
    ? { scaleDownBy: 1, maxBitrate: 3_000_000, maxFramerate: 30 }
    : { scaleDownBy: 1, maxBitrate: 2_500_000, maxFramerate: 15 };
}
