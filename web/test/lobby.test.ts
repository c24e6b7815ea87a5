import { describe, expect, test } from "vitest";
import { inMeeting, reduce } from "../src/call/state";
import { CLOSE_DENIED, type WaitingPerson } from "../src/protocol";
import { after, live, mustAsk, room, said, seated, waiting, welcome } from "./support";

describe("asking to be let in", () => {
  test("the preview knows whether the person walks in or asks", () => {
    expect(after([mustAsk])).toMatchObject({ phase: "preview", entry: { admission: "ask" } });
    expect(after([seated])).toMatchObject({ phase: "preview", entry: { admission: "walk" } });
  });

  test("who asked waits, and is told whether a host is there", () => {
    expect(waiting).toMatchObject({ phase: "waiting", name: "Ada", sent: true, hostPresent: true });
    const alone = reduce(waiting, said({ type: "waiting", host_present: false }));
    expect(alone).toMatchObject({ phase: "waiting", sent: true, hostPresent: false });
  });

  test("nobody waits who did not ask", () => {
    const preview = after([mustAsk]);
    expect(reduce(preview, said({ type: "waiting", host_present: true }))).toBe(preview);
    expect(reduce(preview, said({ type: "admitted" }))).toBe(preview);
    expect(reduce(live, said({ type: "waiting", host_present: true }))).toBe(live);
  });

  test("who is admitted joins once more and is in", () => {
    const admitted = reduce(waiting, said({ type: "admitted" }));
    expect(admitted).toMatchObject({ phase: "joining", name: "Ada", sent: false, entry: { ready: true } });
    const sent = reduce(admitted, { type: "join_sent" });
    expect(reduce(sent, said(welcome(room(3))))).toMatchObject({ phase: "live", name: "Ada", you: "ada" });
  });

  test("a lost socket means asking again once the seat is good again", () => {
    const lost = reduce(waiting, { type: "socket_lost" });
    expect(lost).toMatchObject({ phase: "waiting", sent: false, entry: { ready: false } });
    const back = reduce(lost, mustAsk);
    expect(back).toMatchObject({ phase: "waiting", sent: false, entry: { ready: true } });
    expect(reduce(back, { type: "join_sent" })).toMatchObject({ phase: "waiting", sent: true });
  });

  test("who was admitted while away walks in on return", () => {
    const back = after([{ type: "socket_lost" }, seated, { type: "join_sent" }], waiting);
    expect(reduce(back, said(welcome(room(3))))).toMatchObject({ phase: "live", room: { version: 3 } });
  });

  test.each([said({ type: "denied" }), { type: "socket_closed", code: CLOSE_DENIED } as const])(
    "being denied is an end of its own kind",
    (event) => {
      expect(reduce(waiting, event)).toMatchObject({ phase: "ended", ending: { kind: "denied" }, name: "Ada" });
    },
  );

  test("who stops waiting left", () => {
    expect(reduce(waiting, { type: "leave" })).toMatchObject({ phase: "ended", ending: { kind: "left" } });
  });

  test("a meeting that fills up or is locked meanwhile says so", () => {
    const full = said({ type: "error", code: "room_full", message: "", about: "join" });
    expect(reduce(waiting, full)).toMatchObject({ phase: "ended", ending: { kind: "refused", code: "room_full" } });
    const busy = said({ type: "error", code: "rate_limited", message: "", about: "join" });
    expect(reduce(waiting, busy)).toMatchObject({ phase: "preview", problem: "rate_limited" });
  });
});

describe("letting people in", () => {
  const grace: WaitingPerson = { id: "grace", name: "Grace", verified: false, since: 1 };
  const asked = said({ type: "lobby", waiting: [grace] });

  test("the whole list replaces the one before", () => {
    const one = reduce(live, asked);
    expect(inMeeting(one)?.lobby).toEqual([grace]);
    expect(inMeeting(reduce(one, said({ type: "lobby", waiting: [] })))?.lobby).toEqual([]);
  });

  test("the list outlives a full state, and not a lost socket", () => {
    const one = reduce(live, asked);
    expect(inMeeting(reduce(one, said(welcome(room(9)))))?.lobby).toEqual([grace]);
    const lost = reduce(one, { type: "socket_lost" });
    expect(inMeeting(lost)?.lobby).toEqual([]);
    expect(inMeeting(after([said(welcome(room(9))), asked], lost))?.lobby).toEqual([grace]);
  });

  test("outside the meeting there is no list", () => {
    expect(reduce(waiting, asked)).toBe(waiting);
  });
});
