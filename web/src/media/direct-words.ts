/**
 * What two browsers say to each other on the data channel of a direct connection. Pure; what comes is
 * from somebody else's browser.
 */
import type { Demand, ParticipantId, Source, Wish } from "../protocol";
import { WISHES } from "../protocol";

/** Characters of one message. */
const MESSAGE_CHARS = 16 * 1_024;
/** A voice louder than this (RFC 6464, linear) is one that speaks, and does for so long after. */
const SPEAKS_FROM = 0.02;
const SPEAKS_FOR_MS = 600;
/** A page like this one says a few each second; what was said to one that stood still comes at once. */
const MESSAGES_A_SECOND = 500;

export type Said =
  /** Is anybody there? */
  | { type: "ping" }
  | { type: "pong" }
  /** You are heard speaking, or no longer. */
  | { type: "hears"; speaks: boolean }
  /** I do without what you send. */
  | { type: "done" }
  /** What I send, all of it. */
  | { type: "sends"; sources: Source[] }
  /** The tiles that I show, all of them. */
  | { type: "wishes"; tiles: Wish[] };

const SOURCES: ReadonlySet<unknown> = new Set<Source>(["microphone", "camera", "screen", "screen_audio"]);

/** A message, or null for what is none. */
export function parse(data: unknown): Said | null {
  if (typeof data !== "string" || data.length > MESSAGE_CHARS) return null;
  let said: unknown;
  try {
    said = JSON.parse(data);
  } catch {
    return null;
  }
  if (!isObject(said)) return null;
  switch (said["type"]) {
    case "ping":
    case "pong":
    case "done":
      return { type: said["type"] };
    case "hears":
      return typeof said["speaks"] === "boolean" ? { type: "hears", speaks: said["speaks"] } : null;
    case "sends": {
      const sources = said["sources"];
      return Array.isArray(sources) && sources.every((source) => SOURCES.has(source))
        ? { type: "sends", sources: [...new Set(sources as Source[])] }
        : null;
    }
    case "wishes": {
      const tiles = said["tiles"];
      const isTile = (tile: unknown) => isObject(tile) && typeof tile["participant"] === "string";
      return Array.isArray(tiles) && tiles.length <= WISHES && tiles.every(isTile)
        ? { type: "wishes", tiles: tiles as Wish[] }
        : null;
    }
    default:
      return null;
  }
}

/** Which of one's own pictures the other shows. */
export function demands(tiles: readonly Wish[], you: ParticipantId): readonly Demand[] {
  return (["camera", "screen"] as const).map((source) => ({
    source,
    wanted: isShown(tiles, you, source),
    layers: [],
    codecs: [],
  }));
}

/** Whether a tile shows this; everything is shown until somebody says otherwise. */
export function isShown(tiles: readonly Wish[] | null, whose: ParticipantId, source: Source): boolean {
  return tiles === null || tiles.some((tile) => tile.participant === whose && tile.source === source);
}

/** Whether somebody speaks, whose voice is so loud now and then. */
export class Voice {
  #loudAt: number | null = null;

  speaks(level: number, now: number): boolean {
    if (level >= SPEAKS_FROM) this.#loudAt = now;
    return this.#loudAt !== null && Math.abs(now - this.#loudAt) < SPEAKS_FOR_MS;
  }
}

/** Whether somebody says more than one has to listen to. */
export class Pace {
  #second = 0;
  #count = 0;

  isExceeded(now: number): boolean {
    const second = Math.floor(now / 1_000);
    this.#count = second === this.#second ? this.#count + 1 : 1;
    this.#second = second;
    return this.#count > MESSAGES_A_SECOND;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
