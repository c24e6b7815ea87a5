import { describe, expect, test } from "vitest";
import { type HomeChange, type HomeState, reduce, start } from "../src/home/state";
import type { HomeEvent, IncomingCall, RoomDetails } from "../src/protocol";

const meeting = (id: string, more: Partial<RoomDetails> = {}): RoomDetails => ({
  id,
  title: id,
  kind: "public",
  phase: "created",
  participants: 0,
  created_at: 1,
  ...more,
});
const call = (id: string, more: Partial<IncomingCall> = {}): IncomingCall => ({
  id,
  name: "Ada",
  email: "ada@example.org",
  room: "r1",
  code: "abc-defg-hjk",
  since: 1_000,
  until: 41_000,
  ...more,
});
const said = (event: HomeEvent, now = 500_000): HomeChange => ({ type: "event", event, now });
const after = (changes: HomeChange[], from: HomeState = start) => changes.reduce(reduce, from);

const listed = after([
  said({ type: "meetings", meetings: { upcoming: [meeting("a"), meeting("b")], past: [meeting("c", { phase: "expired" })] } }),
]);

describe("meetings", () => {
  test("come all at once, and then are current until the socket is lost", () => {
    expect(start).toMatchObject({ meetings: null, current: false });
    expect(listed.current).toBe(true);
    const lost = reduce(listed, { type: "lost" });
    expect(lost).toMatchObject({ current: false, meetings: listed.meetings });
  });

  test("say how many are in as that changes", () => {
    const live = reduce(listed, said({ type: "live", room: "b", phase: "active", participants: 2 }));
    expect(live.meetings?.upcoming).toEqual([meeting("a"), meeting("b", { phase: "active", participants: 2 })]);
    const empty = reduce(live, said({ type: "live", room: "b", phase: "waiting", participants: 0 }));
    expect(empty.meetings?.upcoming[1]).toMatchObject({ phase: "waiting", participants: 0 });
  });

  test("that end are past, the last one first", () => {
    const over = reduce(listed, said({ type: "live", room: "a", phase: "destroyed", participants: 0 }));
    expect(over.meetings?.upcoming.map(({ id }) => id)).toEqual(["b"]);
    expect(over.meetings?.past.map(({ id }) => id)).toEqual(["a", "c"]);
  });

  test("that are not listed are nobody's business", () => {
    const same = reduce(listed, said({ type: "live", room: "x", phase: "active", participants: 9 }));
    expect(same.meetings).toEqual(listed.meetings);
    expect(reduce(start, said({ type: "live", room: "a", phase: "active", participants: 9 }))).toBe(start);
  });

  test("that were fetched never replace what the socket said", () => {
    const other = { upcoming: [], past: [] };
    expect(reduce(listed, { type: "fetched", meetings: other })).toBe(listed);
    expect(reduce(start, { type: "fetched", meetings: other })).toMatchObject({ meetings: other, current: false });
  });
});

describe("calls", () => {
  const ringing = after([said({ type: "ringing", call: call("one") }), said({ type: "ringing", call: call("two") })], listed);

  test("ring together, each once", () => {
    expect(ringing.calls.map((one) => one.call.id)).toEqual(["one", "two"]);
    expect(reduce(ringing, said({ type: "ringing", call: call("one") }))).toBe(ringing);
  });

  test("stop when they are answered anywhere, and only they", () => {
    expect(reduce(ringing, said({ type: "rung", call: "one" })).calls.map((one) => one.call.id)).toEqual(["two"]);
    expect(reduce(ringing, { type: "answered", call: "two" }).calls.map((one) => one.call.id)).toEqual(["one"]);
    expect(reduce(ringing, said({ type: "rung", call: "three" }))).toBe(ringing);
  });

  test("stop by themselves after as long as they ring, whatever this device's clock says", () => {
    expect(ringing.calls[0]?.until).toBe(540_000);
    expect(reduce(ringing, { type: "tick", now: 539_999 })).toBe(ringing);
    expect(reduce(ringing, { type: "tick", now: 540_000 }).calls).toEqual([]);
  });

  test("that ring for ever or not at all do neither", () => {
    const endless = reduce(start, said({ type: "ringing", call: call("x", { until: 9_999_999_999 }) }));
    expect(endless.calls[0]?.until).toBe(560_000);
    expect(reduce(start, said({ type: "ringing", call: call("x", { until: 10 }) }))).toBe(start);
  });

  test("go on ringing while the socket is being brought back", () => {
    expect(reduce(ringing, { type: "lost" }).calls).toHaveLength(2);
  });
});

test("what a newer edge says is passed over", () => {
  expect(reduce(listed, said({ type: "weather" } as unknown as HomeEvent))).toBe(listed);
});
