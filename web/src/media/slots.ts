/**
 * Which receive slot carries whom. The region decides; this only keeps its word.
 */
import type { Mid, ParticipantId, Slot, SlotTrack, Source } from "../protocol";

export type SlotTable = ReadonlyMap<Mid, SlotTrack>;

/** The table after the region named some slots. Slots not named stay as they were. */
export function assign(table: SlotTable, slots: readonly Slot[]): SlotTable {
  const next = new Map(table);
  for (const { mid, track } of slots) {
    if (track) next.set(mid, track);
    else next.delete(mid);
  }
  return next;
}

export type TrackKey = `${ParticipantId}/${Source}`;

export function trackKey(participant: ParticipantId, source: Source): TrackKey {
  return `${participant}/${source}`;
}

/** Each carried track by whose it is; slots that this connection does not have are skipped. */
export function tracksBySource<Track>(
  table: SlotTable,
  receivers: ReadonlyMap<Mid, Track>,
): ReadonlyMap<TrackKey, Track> {
  const tracks = new Map<TrackKey, Track>();
  for (const [mid, { participant, source }] of table) {
    const track = receivers.get(mid);
    if (track !== undefined) tracks.set(trackKey(participant, source), track);
  }
  return tracks;
}
