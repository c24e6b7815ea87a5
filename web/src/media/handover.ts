/**
 * When a connection takes the place of another: as soon as everything that still comes on the old one
 * comes on the new one. Pure.
 */
import type { TrackKey } from "./slots";

/** When something of each track was last handed to who sees or hears it, in milliseconds of any clock. */
export type Delivered = ReadonlyMap<TrackKey, number>;

/** How often to look. */
export const LOOK_EVERY_MS = 50;
/** Longest that an old connection is waited with: one that is lost, which shows frozen pictures, and one that goes on. */
export const SWAP_WITHIN_MS = { lost: 1_500, alive: 5_000 };
/** What did not come for so long is not missed. */
const STILL_MS = 1_000;

/** `old` is null when nothing comes on it any more; `carried` are the tracks that are to come on the new one. */
export function isReady(next: Delivered, old: Delivered | null, carried: readonly TrackKey[]): boolean {
  if (old !== null) {
    const last = Math.max(...old.values());
    return [...old].every(([key, at]) => next.has(key) || last - at > STILL_MS);
  }
  // The first picture is better than none.
  const pictures = carried.filter((key) => !key.endsWith("/microphone") && !key.endsWith("/screen_audio"));
  return (pictures.length > 0 ? pictures : carried).some((key) => next.has(key)) || carried.length === 0;
}

/** Of whose receivers those are that carry each track. */
export function delivered(receivers: ReadonlyMap<TrackKey, RTCRtpReceiver>): Delivered {
  const times = new Map<TrackKey, number>();
  for (const [key, receiver] of receivers) {
    // The time is that of the last frame handed to the track (W3C webrtc-pc §5.3).
    const at = receiver.getSynchronizationSources()[0]?.timestamp;
    if (at !== undefined) times.set(key, at);
  }
  return times;
}
