import { beforeEach, describe, expect, test } from "vitest";
import {
  ASK_EVERY_MS,
  found,
  GONE_MS,
  type Happening,
  isLost,
  next,
  PATIENCE_MS,
  type Path,
  QUIET_MS,
  RESTART_WITHIN_MS,
  RESTARTS_APART_MS,
  type Step,
  TICK_MS,
  UNANSWERED_MS,
} from "../src/media/recovery";

const START = 1_800_000_000_000;
let now: number;
let path: Path;
let steps: [number, Step][];
let replaceable: boolean;

function happens(what: Happening): void {
  // Who has given way asks no more.
  if (steps.at(-1)?.[1] === "renew") return;
  const [after, step] = next(path, what, now, replaceable);
  path = after;
  if (step) steps.push([now - START, step]);
}

/** Lets time pass; media comes with each tick where it flows, an answer `answers` ms after each question. */
function live(ms: number, { media = false, answers = Infinity }: { media?: boolean; answers?: number } = {}): void {
  const end = now + ms;
  while (now + TICK_MS <= end) {
    const asked = path.askedAt;
    if (asked !== null && asked + answers <= now + TICK_MS) {
      now = Math.max(now, asked + answers);
      happens("answered");
    }
    now += TICK_MS - ((now - START) % TICK_MS);
    happens("tick");
    if (media) happens("heard");
  }
}

const taken = () => steps.map(([, step]) => step);
const when = (step: Step) => steps.find(([, taken]) => taken === step)?.[0] ?? Infinity;

beforeEach(() => {
  now = START;
  path = found(now);
  steps = [];
  replaceable = true;
});

describe("a way that works", () => {
  test("is asked about now and then while media comes, and more often while none does", () => {
    live(10_000, { media: true, answers: 50 });
    expect(taken().every((step) => step === "ask")).toBe(true);
    expect(steps.length).toBeLessThanOrEqual(10_000 / ASK_EVERY_MS);
    steps = [];
    live(10_000, { answers: 50 });
    expect(taken().every((step) => step === "ask")).toBe(true);
    expect(steps.length).toBeLessThanOrEqual(10_000 / QUIET_MS);
  });

  test("is not given up for answers that are slow, nor for one that is slower than ever", () => {
    live(30_000, { answers: 450 });
    live(3_000, { answers: 1_500 });
    expect(taken().every((step) => step === "ask")).toBe(true);
  });

  test("is asked about at once when there is a doubt, once", () => {
    happens("doubt");
    happens("doubt");
    expect(taken()).toEqual(["ask"]);
  });

  test("is not given up because the page was busy", () => {
    live(1_000, { media: true, answers: 50 });
    happens("doubt");
    now += 3_000;
    happens("tick");
    happens("answered");
    expect(taken().every((step) => step === "ask")).toBe(true);
  });
});

describe("a way that is lost", () => {
  test("is known to be within 1.4 s, and ICE begins anew", () => {
    live(5_000, { media: true, answers: 50 });
    const lost = now - START;
    live(2_000);
    expect(when("restart") - lost).toBeLessThanOrEqual(1_400);
    expect(isLost(path)).toBe(true);
  });

  test("is known sooner where there was a doubt", () => {
    live(5_000, { media: true, answers: 50 });
    const lost = now - START;
    happens("doubt");
    live(1_000);
    expect(when("restart") - lost).toBeLessThanOrEqual(PATIENCE_MS.least + TICK_MS);
  });

  test("is known within three seconds where only what is sent does not arrive", () => {
    live(4_800, { media: true, answers: 50 });
    const lost = now - START;
    live(UNANSWERED_MS + ASK_EVERY_MS, { media: true });
    expect(when("restart") - lost).toBeLessThanOrEqual(ASK_EVERY_MS + UNANSWERED_MS);
    expect(steps.find(([at, step]) => at > lost && step === "restart")?.[0]).toBeDefined();
  });

  test("and found again is as good as before", () => {
    live(2_000);
    expect(taken().at(-1)).toBe("restart");
    happens("connected");
    expect(isLost(path)).toBe(false);
    steps = [];
    live(5_000, { media: true, answers: 50 });
    expect(taken().every((step) => step === "ask")).toBe(true);
  });

  test("gives way to another connection when two restarts do not help", () => {
    live(1_400 + 3 * (RESTART_WITHIN_MS + TICK_MS));
    expect(taken()).toEqual(["ask", "restart", "restart", "renew"]);
  });

  test("is tried again and again, ever more slowly, while the room is away, and then given up", () => {
    replaceable = false;
    live(GONE_MS - TICK_MS);
    const restarts = steps.filter(([, step]) => step === "restart").map(([at]) => at);
    expect(restarts.length).toBeGreaterThanOrEqual(3);
    const waits = restarts.slice(1).map((at, place) => at - (restarts[place] ?? 0));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(Math.max(...waits)).toBeLessThanOrEqual(RESTARTS_APART_MS);
    expect(taken()).not.toContain("renew");
    live(RESTARTS_APART_MS);
    expect(taken().at(-1)).toBe("renew");
  });

  test("gives way as soon as the room is there again and the restart had its time", () => {
    replaceable = false;
    live(6_000);
    expect(taken()).not.toContain("renew");
    replaceable = true;
    live(RESTARTS_APART_MS);
    expect(taken().at(-1)).toBe("renew");
  });

  test("gives a restart more time where answers are slow", () => {
    live(5_000, { answers: 400 });
    live(2_400 + 800);
    expect(steps.filter(([, step]) => step === "restart")).toHaveLength(1);
  });

  test("that the browser gives up is restarted, and then replaced", () => {
    happens("failed");
    happens("failed");
    happens("failed");
    expect(taken()).toEqual(["restart", "restart", "renew"]);
  });
});

describe("a page that stood still", () => {
  test("asks at once and goes on where somebody answers", () => {
    live(1_000, { media: true, answers: 50 });
    steps = [];
    now += 60_000;
    live(3_000, { media: true, answers: 50 });
    expect(taken()).toEqual(["ask", "ask"]);
  });

  test("for long replaces at once what does not answer", () => {
    live(1_000, { media: true, answers: 50 });
    now += 120_000;
    const woke = now - START;
    steps = [];
    live(2_000);
    expect(taken()).toEqual(["ask", "renew"]);
    expect(when("renew") - woke).toBeLessThanOrEqual(PATIENCE_MS.least + 2 * TICK_MS);
  });

  test("is not misled by what the browser says first", () => {
    now += 120_000;
    happens("failed");
    expect(taken()).toEqual(["renew"]);
  });

  test("replaces as soon as the room is there", () => {
    replaceable = false;
    now += 120_000;
    live(1_000);
    expect(taken()).toEqual(["ask", "restart"]);
    replaceable = true;
    live(TICK_MS);
    expect(taken().at(-1)).toBe("renew");
  });

  test("for a moment begins with a restart", () => {
    now += 6_000;
    live(1_200);
    expect(taken()).toEqual(["ask", "restart"]);
  });

  test("because the clock was set back asks, too", () => {
    live(1_000, { media: true, answers: 50 });
    steps = [];
    now -= 3_600_000;
    happens("tick");
    expect(taken()).toEqual(["ask"]);
  });
});
