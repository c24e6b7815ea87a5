import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watch } from "../src/call/waking";

let told: string[];
let stop: () => void;
let visibility: DocumentVisibilityState;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  visibility = "visible";
  vi.stubGlobal("window", new EventTarget());
  const page = new EventTarget();
  Object.defineProperty(page, "visibilityState", { get: () => visibility });
  vi.stubGlobal("document", page);
  vi.stubGlobal("navigator", { connection: new EventTarget() });
  stop = watch({
    doubt: () => told.push("doubt"),
    woke: (slept) => told.push(`slept ${Math.round(slept / 1_000)} s`),
    online: (online) => told.push(online ? "online" : "offline"),
  });
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const say = (target: EventTarget, type: string) => target.dispatchEvent(new Event(type));

test("time that passes with the page is nothing to tell", () => {
  vi.advanceTimersByTime(600_000);
  expect(told).toEqual([]);
});

test("a gap in time is a sleep, told once", () => {
  vi.advanceTimersByTime(1_000);
  vi.setSystemTime(Date.now() + 120_000);
  say(document, "visibilitychange");
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(["slept 120 s"]);
});

test("a clock that is set back is none", () => {
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual([]);
});

test("whatever may have changed the network is a doubt", () => {
  say(window, "offline");
  say(window, "online");
  say(window, "pageshow");
  say(document, "resume");
  say((navigator as unknown as { connection: EventTarget }).connection, "change");
  visibility = "hidden";
  say(document, "visibilitychange");
  expect(told).toEqual(["offline", "online", "doubt", "doubt", "doubt", "doubt"]);
});

test("nothing is told after the end", () => {
  stop();
  say(window, "online");
  vi.setSystemTime(Date.now() + 120_000);
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual([]);
});
