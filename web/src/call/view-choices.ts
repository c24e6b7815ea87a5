/**
 * What a person chose for their own eyes: whom they pinned, how tiles are laid out, how they
 * see themselves.
 *
 * Nobody else is told. Pins last as long as the page; the rest is remembered.
 */
import { type Signal, signal } from "@preact/signals";
import type { ParticipantId } from "../protocol";
import { recall, remember } from "../storage";
import type { Mode, SelfView } from "./layout";

/** Shown large, for this person alone; null when nobody is. */
export const pinned: Signal<ParticipantId | null> = signal(null);

/** Pins, or takes the pin off whoever has it already. */
export function togglePin(participant: ParticipantId): void {
  pinned.value = pinned.value === participant ? null : participant;
}

/** To whom the person writes in the chat; everyone when null. */
export const recipient: Signal<ParticipantId | null> = signal(null);

export type { SelfView } from "./layout";

export const MODES: readonly Mode[] = ["grid", "speaker", "sidebar"];

export const mode: Signal<Mode> = signal(MODES.find((known) => known === recall("layout")) ?? "grid");

export function chooseMode(chosen: Mode): void {
  mode.value = chosen;
  remember("layout", chosen);
}

export const SELF_VIEWS: readonly SelfView[] = ["tile", "float", "hidden"];

export const selfView: Signal<SelfView> = signal(SELF_VIEWS.find((view) => view === recall("self_view")) ?? "tile");

export function chooseSelfView(view: SelfView): void {
  selfView.value = view;
  remember("self_view", view);
}

/** Whether people see themselves as in a mirror. */
export const mirrored: Signal<boolean> = signal(recall("unmirrored") === "");

export function chooseMirrored(on: boolean): void {
  mirrored.value = on;
  remember("unmirrored", on ? "" : "1");
}
