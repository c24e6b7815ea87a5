/** The call in a small window above all others: whom it shows, and what that wants of the region. */
import { type Signal, signal } from "@preact/signals";
import type { ParticipantId, Source, Wish } from "../protocol";

/** What the small window shows now; empty while there is none. */
export const floatingWishes: Signal<readonly Wish[]> = signal([]);

/** More faces than this are too small to be made out there. */
const MOST = 2;

export interface Shown {
  participant: ParticipantId;
  source: Extract<Source, "camera" | "screen">;
}

/** Who leads: a shared screen, whom the person pinned, whom a host shows to everyone, who spoke last, who is there. */
export function leading(meeting: {
  you: ParticipantId;
  /** In the order they came. */
  others: readonly { id: ParticipantId; screen: boolean }[];
  /** Who spoke, most recently first. */
  recent: readonly string[];
  pinned: string | null;
  spotlight: string | null;
}): readonly Shown[] {
  const { you, others, recent, pinned, spotlight } = meeting;
  const here = others.map(({ id }) => id);
  const screens = others.filter(({ screen }) => screen).map(({ id }): Shown => ({ participant: id, source: "screen" }));
  const order = [pinned, spotlight, ...recent, ...here];
  const people = here.toSorted((one, other) => order.indexOf(one) - order.indexOf(other));
  const shown = [...screens.slice(-1), ...people.map((id): Shown => ({ participant: id, source: "camera" }))].slice(0, MOST);
  return shown.length > 0 ? shown : [{ participant: you, source: "camera" }];
}

/** Wishes of the stage and of the small window together; none twice. A stage that nobody sees wishes for nothing. */
export function together(stage: readonly Wish[], floating: readonly Wish[]): Wish[] {
  const more = floating.filter(
    ({ participant, source }) => !stage.some((one) => one.participant === participant && one.source === source),
  );
  return [...stage, ...more];
}
