/**
 * How a person likes to work with a call: by which keys, and of what they are told with a sound.
 *
 * Remembered in this browser; nobody else is told.
 */
import { type Signal, signal } from "@preact/signals";
import { recall, remember } from "../storage";

/** Single keys do something (WCAG 2.1.4 asks that they can be turned off). */
export const keysOn: Signal<boolean> = signal(recall("keys_off") === "");

export function chooseKeys(on: boolean): void {
  keysOn.value = on;
  remember("keys_off", on ? "" : "1");
}

/** Holding the space bar unmutes. */
export const pushToTalk: Signal<boolean> = signal(recall("talk_off") === "");

export function choosePushToTalk(on: boolean): void {
  pushToTalk.value = on;
  remember("talk_off", on ? "" : "1");
}

/** What a sound may tell of. */
export const SOUNDS = ["people", "hands", "chat"] as const;
export type SoundKind = (typeof SOUNDS)[number];

/** With more people than this, who comes and goes is no news, and chat makes no sound by itself. */
export const CROWD = 30;

type Choice = "on" | "off" | undefined;
type Choices = Readonly<Partial<Record<SoundKind | "all", Choice>>>;

/** What the person decided; the rest is decided by how many people are in. */
export const soundChoices: Signal<Choices> = signal(parse(recall("sounds")));

/** Whether sounds are made at all. */
export function soundsOn(choices: Choices): boolean {
  return choices.all !== "off";
}

/** Whether news of this kind makes a sound among that many people. */
export function sounds(choices: Choices, kind: SoundKind, people: number): boolean {
  if (!soundsOn(choices)) return false;
  const chosen = choices[kind];
  return chosen === undefined ? kind === "hands" || people <= CROWD : chosen === "on";
}

export function chooseSound(kind: SoundKind | "all", on: boolean): void {
  soundChoices.value = { ...soundChoices.value, [kind]: on ? "on" : "off" };
  const text = Object.entries(soundChoices.value).map((entry) => entry.join(":"));
  remember("sounds", text.join());
}

function parse(text: string): Choices {
  const known: readonly string[] = [...SOUNDS, "all"];
  return Object.fromEntries(
    text
      .split(",")
      .map((entry) => entry.split(":"))
      .filter(([kind, choice]) => known.includes(kind ?? "") && (choice === "on" || choice === "off")),
  );
}
