/**
 * What a person chose for their own eyes: whom they pinned, where they see themselves.
 *
 * Nobody else is told. Pins last as long as the page; where one sees oneself is remembered.
 */
import { type Signal, signal } from "@preact/signals";
import type { ParticipantId } from "../protocol";
import { recall, remember } from "../storage";

/** Shown large, for this person alone; null when nobody is. */
export const pinned: Signal<ParticipantId | null> = signal(null);

/** Pins, or takes the pin off whoever has it already. */
export function togglePin(participant: ParticipantId): void {
  pinned.value = pinned.value === participant ? null : participant;
}

/** Where people see themselves: among the others, in a corner, or not at all. */
export type SelfView = "tile" | "float" | "hidden";

const SELF_VIEWS: readonly SelfView[] = ["tile", "float", "hidden"];

export const selfView: Signal<SelfView> = signal(SELF_VIEWS.find((view) => view === recall("self_view")) ?? "tile");

export function chooseSelfView(view: SelfView): void {
  selfView.value = view;
  remember("self_view", view);
}
