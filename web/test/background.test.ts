import { type Signal, signal } from "@preact/signals";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { described } from "../build/person-model";
import { Background } from "../src/media/background";
import { BackgroundFailure, type BackgroundProblem, choiceOf } from "../src/media/background/choice";
import type { Engine, Pipe } from "../src/media/background/engine";
import { cover, follow, kernel, within } from "../src/media/background/numbers";
import { readFileSync } from "node:fs";

const track = (id: string) => ({ id }) as MediaStreamTrack;
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** An engine that does what the test says, when it says so. */
class Fake implements Engine {
  readonly shown: string[] = [];
  readonly pipes: (Pipe & { draw(): void; stopped: boolean })[] = [];
  closed = false;
  refuse: BackgroundProblem | null = null;
  async show(choice: string): Promise<void> {
    if (this.refuse) throw new BackgroundFailure(this.refuse);
    this.shown.push(choice);
  }
  attach(of: MediaStreamTrack): Pipe {
    let draw: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      draw = resolve;
    });
    const pipe = {
      of,
      track: track(`drawn from ${of.id}`),
      first,
      draw,
      stopped: false,
      stop() {
        this.stopped = true;
      },
    };
    this.pipes.push(pipe);
    return pipe;
  }
  close(): void {
    this.closed = true;
  }
}

let kept: Map<string, string>;
let camera: Signal<MediaStreamTrack | null>;
let engines: Fake[];
let refused: BackgroundProblem | null;
let fail: (problem: BackgroundProblem) => void;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  camera = signal<MediaStreamTrack | null>(track("front"));
  engines = [];
  refused = null;
});

const begin = () =>
  new Background(camera, async (failed) => {
    fail = failed;
    if (refused) throw new BackgroundFailure(refused);
    const engine = new Fake();
    engines.push(engine);
    return engine;
  });

const sent = ({ track: { value } }: Background) => value?.id ?? null;

/** Lets the newest pipe draw its first picture. */
async function drawn(): Promise<void> {
  await settled();
  engines.at(-1)?.pipes.at(-1)?.draw();
  await settled();
}

describe("what is sent", () => {
  test("with nothing chosen it is the camera, and nothing is loaded", async () => {
    const background = begin();
    await settled();
    expect([sent(background), engines.length]).toEqual(["front", 0]);
    camera.value = null;
    expect(sent(background)).toBeNull();
  });

  test("a remembered effect is never sent without", async () => {
    kept.set("meridian.background", "strong");
    const background = begin();
    const seen: (string | null)[] = [];
    background.track.subscribe((value) => seen.push(value?.id ?? null));
    expect(background.starting.value).toBe(true);
    await drawn();
    camera.value = null;
    camera.value = track("back");
    await drawn();
    expect(seen).toEqual([null, "drawn from front", null, "drawn from back"]);
    expect(engines.length).toBe(1);
  });

  test("chosen in the call, what is seen already goes on until the effect is there", async () => {
    const background = begin();
    background.choose("slight");
    await settled();
    expect([sent(background), background.starting.value]).toEqual(["front", true]);
    await drawn();
    expect([sent(background), background.starting.value]).toEqual(["drawn from front", false]);
    background.choose("dawn");
    expect(sent(background)).toBe("drawn from front");
    await settled();
    expect(engines[0]?.shown).toEqual(["slight", "dawn"]);
    expect(engines[0]?.pipes.length).toBe(1);
    expect(kept.get("meridian.background")).toBe("dawn");
  });

  test("another camera while the effect loads is not sent plain", async () => {
    const background = begin();
    background.choose("slight");
    camera.value = track("back");
    expect(sent(background)).toBeNull();
    await drawn();
    expect(sent(background)).toBe("drawn from back");
  });

  test("turned off, everything is let go", async () => {
    const background = begin();
    background.choose("slight");
    await drawn();
    background.choose("none");
    await settled();
    expect(sent(background)).toBe("front");
    expect([engines[0]?.closed, engines[0]?.pipes[0]?.stopped]).toEqual([true, true]);
    expect(kept.has("meridian.background")).toBe(false);
  });

  test("a choice that is taken back while it loads changes nothing", async () => {
    const background = begin();
    background.choose("slight");
    background.choose("none");
    await drawn();
    expect([sent(background), background.starting.value, background.problem.value]).toEqual(["front", false, null]);
  });
});

describe("what fails", () => {
  test("holds the picture back until the person decides", async () => {
    refused = "unloaded";
    const background = begin();
    background.choose("strong");
    await settled();
    expect([sent(background), background.undecided.value]).toEqual([null, "unloaded"]);
    refused = null;
    background.retry();
    await drawn();
    expect([sent(background), background.undecided.value]).toEqual(["drawn from front", null]);
    background.choose("none");
    expect(sent(background)).toBe("front");
  });

  test("later, stops sending at once", async () => {
    const background = begin();
    background.choose("strong");
    await drawn();
    fail("stopped");
    expect([sent(background), background.undecided.value]).toEqual([null, "stopped"]);
    camera.value = null;
    expect(background.undecided.value).toBeNull();
  });

  test("of an engine that was let go is no news", async () => {
    const background = begin();
    background.choose("strong");
    await drawn();
    const late = fail;
    background.choose("none");
    late("stopped");
    expect([sent(background), background.problem.value]).toEqual(["front", null]);
  });

  test("a picture that is gone is said", async () => {
    const background = begin();
    background.choose("slight");
    await drawn();
    if (engines[0]) engines[0].refuse = "picture";
    background.choose("own");
    await settled();
    expect([sent(background), background.undecided.value]).toEqual([null, "picture"]);
  });
});

describe("numbers", () => {
  test("a kernel weighs 1, falls off, and keeps to its length", () => {
    for (const sigma of [0.5, 2, 8, 40]) {
      const weights = kernel(sigma, 24);
      expect(weights.length).toBeLessThanOrEqual(24);
      expect(weights.reduce((sum, weight, at) => sum + weight * (at === 0 ? 1 : 2), 0)).toBeCloseTo(1);
      expect(weights).toEqual(weights.toSorted((one, other) => other - one));
    }
  });

  test("a picture covers a frame of any shape without being stretched", () => {
    expect(cover({ width: 1600, height: 900 }, { width: 1280, height: 720 })).toEqual({ width: 1, height: 1 });
    expect(cover({ width: 2000, height: 500 }, { width: 100, height: 100 })).toEqual({ width: 0.25, height: 1 });
    expect(cover({ width: 500, height: 2000 }, { width: 100, height: 100 })).toEqual({ width: 1, height: 0.25 });
  });

  test("a large picture is kept smaller, a small one as it is", () => {
    const most = { width: 1920, height: 1080 };
    expect(within({ width: 8000, height: 6000 }, most)).toEqual({ width: 1440, height: 1080 });
    expect(within({ width: 640, height: 480 }, most)).toEqual({ width: 640, height: 480 });
    expect(within({ width: 10_000, height: 1 }, most)).toEqual({ width: 1920, height: 1 });
  });

  test("a mask keeps still where it flickers and follows where people move", () => {
    const mask = new Uint8Array([128, 0, 255]);
    follow(mask, [0.55, 1, 0.98]);
    expect(mask[0]).toBeLessThan(133);
    expect(mask[1]).toBe(255);
    expect(mask[2]).toBeGreaterThan(252);
    for (let frame = 0; frame < 40; frame += 1) follow(mask, [0.55, 1, 1]);
    expect(Math.abs((mask[0] ?? 0) - 140)).toBeLessThan(4);
  });

  test("a choice that is not known is none", () => {
    expect([choiceOf("forest"), choiceOf("beach"), choiceOf("")]).toEqual(["forest", "none", "none"]);
  });
});

test("the model keeps every byte, and says what its input is", () => {
  const model = readFileSync(
    new URL("../node_modules/@mediapipe/selfie_segmentation/selfie_segmentation.tflite", import.meta.url),
  );
  const more = described(model);
  expect(Buffer.from(more.subarray(4, 8)).toString()).toBe("TFL3");
  const whole = Buffer.from(more).indexOf(model);
  expect(whole).toBeGreaterThan(0);
  expect(whole % 16).toBe(0);
  expect(Buffer.from(more).includes("TFLITE_METADATA")).toBe(true);
  expect(() => described(more)).toThrow("already");
});
