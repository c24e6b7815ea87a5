import { describe, expect, test } from "vitest";
import { inMeeting, reduce } from "../src/call/state";
import { CLOSE_ENDED, CLOSE_LEFT, CLOSE_RATE, CLOSE_REPLACED } from "../src/protocol";
import { after, line, live, person, room, said, seated, summary, welcome } from "./support";

describe("before the meeting", () => {
  test("the preview shows who is there once the room said so", () => {
    const state = after([seated]);
    expect(state).toMatchObject({
      phase: "preview",
      problem: null,
      entry: { ready: true, names: ["Bob"], participants: 1, room: summary },
    });
  });

  test("a lost socket makes the seat not ready, and a join that was sent unsent", () => {
    const state = after([seated, { type: "join", name: "Ada" }, { type: "join_sent" }, { type: "socket_lost" }]);
    expect(state).toMatchObject({ phase: "joining", sent: false, entry: { ready: false } });
  });

  test("joining twice is joining once", () => {
    const joining = after([seated, { type: "join", name: "Ada" }]);
    expect(reduce(joining, { type: "join", name: "Eve" })).toBe(joining);
  });

  test("a join that is refused for now returns to the preview with the reason", () => {
    const state = after([
      seated,
      { type: "join", name: "Ada" },
      said({ type: "error", code: "region_unavailable", message: "", about: "join" }),
    ]);
    expect(state).toMatchObject({ phase: "preview", problem: "region_unavailable" });
  });

  test.each(["room_full", "room_ended", "room_locked", "banned"] as const)(
    "a join refused with %s is the end",
    (code) => {
      const state = after([
        seated,
        { type: "join", name: "Ada" },
        said({ type: "error", code, message: "", about: "join" }),
      ]);
      expect(state).toMatchObject({ phase: "ended", ending: { kind: "refused", code } });
    },
  );

  test("a welcome without having asked to join changes nothing", () => {
    const state = after([seated]);
    expect(reduce(state, said(welcome(room(1))))).toBe(state);
  });
});

describe("in the meeting", () => {
  test("changes follow one another", () => {
    const state = after(
      [
        said({ type: "change", version: 6, change: { kind: "joined", participant: person("bob") } }),
        said({
          type: "change",
          version: 7,
          change: { kind: "updated", participant: person("bob", { camera: false }) },
        }),
        said({ type: "change", version: 8, change: { kind: "said", message: line(1) } }),
        said({ type: "change", version: 9, change: { kind: "left", participant: "ada" } }),
      ],
      live,
    );
    const meeting = inMeeting(state);
    expect(meeting?.room.version).toBe(9);
    expect(meeting?.room.participants).toEqual([person("bob", { camera: false })]);
    expect(meeting?.room.chat).toEqual([line(1)]);
  });

  test("a change that was seen already changes nothing", () => {
    const change = said({ type: "change", version: 5, change: { kind: "left", participant: "ada" } });
    expect(reduce(live, change)).toBe(live);
  });

  test("a gap makes the state stale, and nothing is applied to it until the full state comes", () => {
    const stale = after([said({ type: "change", version: 7, change: { kind: "left", participant: "ada" } })], live);
    expect(stale).toMatchObject({ phase: "live", stale: true, room: { version: 5 } });
    const still = reduce(stale, said({ type: "change", version: 6, change: { kind: "left", participant: "ada" } }));
    expect(still).toBe(stale);
    expect(reduce(still, said(welcome(room(8))))).toMatchObject({ stale: false, room: { version: 8 } });
  });

  test("a change of a kind that this client does not know still moves the version on", () => {
    const unknown = { kind: "moon_phase", phase: "full" } as never;
    const state = reduce(live, said({ type: "change", version: 6, change: unknown }));
    expect(state).toMatchObject({ stale: false, room: { version: 6, participants: [person("ada")] } });
  });

  test("what was said waits in the outbox until the room says it", () => {
    const saying = after(
      [
        { type: "say", id: "m1", text: "one" },
        { type: "say", id: "m2", text: "two" },
      ],
      live,
    );
    const state = reduce(
      saying,
      said({ type: "change", version: 6, change: { kind: "said", message: line(1, "m1") } }),
    );
    expect(inMeeting(state)?.outbox.map((out) => out.id)).toEqual(["m2"]);
  });

  test("after a return, only what is not in the history is still to be sent", () => {
    const state = after(
      [
        { type: "say", id: "m1", text: "one" },
        { type: "say", id: "m2", text: "two" },
        { type: "socket_lost" },
        said(welcome(room(9, { chat: [line(1, "m1")] }))),
      ],
      live,
    );
    expect(state.phase).toBe("live");
    expect(inMeeting(state)?.outbox.map((out) => out.id)).toEqual(["m2"]);
  });

  test("a refused message is marked, oldest first, and can be sent again", () => {
    const refused = after(
      [
        { type: "say", id: "m1", text: "one" },
        { type: "say", id: "m2", text: "two" },
        said({ type: "error", code: "rate_limited", message: "", about: "chat" }),
      ],
      live,
    );
    expect(inMeeting(refused)?.outbox.map((out) => out.failed)).toEqual([true, false]);
    const again = reduce(refused, { type: "say_again", id: "m1" });
    expect(inMeeting(again)?.outbox.map((out) => out.failed)).toEqual([false, false]);
  });

  test("losing the socket keeps everything on screen", () => {
    const state = reduce(live, { type: "socket_lost" });
    expect(state).toMatchObject({ phase: "reconnecting", rejoin: false, room: { version: 5 } });
  });

  test("whom the room gave up must join again, once", () => {
    const out = after([{ type: "socket_lost" }, seated], live);
    expect(out).toMatchObject({ phase: "reconnecting", rejoin: true });
    const sent = reduce(out, { type: "join_sent" });
    expect(sent).toMatchObject({ phase: "reconnecting", rejoin: false });
    expect(reduce(sent, said(welcome(room(1))))).toMatchObject({ phase: "live", room: { version: 1 } });
  });

  test("a region that is not there does not end the meeting", () => {
    const refusal = said({ type: "error", code: "region_unavailable", message: "", about: "join" });
    expect(reduce(live, refusal)).toBe(live);
  });
});

describe("the end", () => {
  test.each([
    [CLOSE_REPLACED, { kind: "replaced" }],
    [CLOSE_ENDED, { kind: "over", reason: "ended_by_host" }],
    [CLOSE_LEFT, { kind: "left" }],
    [CLOSE_RATE, { kind: "closed", why: "rate" }],
  ])("close code %i says why", (code, ending) => {
    expect(reduce(live, { type: "socket_closed", code })).toMatchObject({ phase: "ended", ending });
  });

  test("the reason that the room gave first stays", () => {
    const state = after(
      [said({ type: "ended", reason: "expired" }), { type: "socket_closed", code: CLOSE_ENDED }],
      live,
    );
    expect(state).toMatchObject({ phase: "ended", ending: { kind: "over", reason: "expired" } });
  });

  test("nothing happens after the end", () => {
    const left = reduce(live, { type: "leave" });
    expect(after([said(welcome(room(9))), seated, { type: "join", name: "Ada" }], left)).toBe(left);
    expect(left).toMatchObject({ phase: "ended", name: "Ada" });
  });
});
