import { describe, expect, test } from "vitest";
import { deedsFor, recipientsFor, rightsOf } from "../src/call/rights";
import { hear, raisedHands } from "../src/call/roster";
import { inMeeting, reduce } from "../src/call/state";
import { CHAT_HISTORY, CLOSE_REMOVED, type Permissions, type Role } from "../src/protocol";
import { after, line, live, person, room, said, summary, welcome } from "./support";

const ada = person("ada");
const grace = person("grace");
const nothing: Permissions = { share: false, chat: false, react: false, unmute: false };

/** A meeting as ada sees it, with grace and the others in it. */
function meeting(role: Role, others = [grace], permissions = summary.permissions) {
  const participants = [{ ...ada, role }, ...others];
  return { you: "ada", room: room(5, { participants, room: { ...summary, permissions } }) };
}

describe("what a person may do", () => {
  test("participants may what the room permits, those who lead may everything", () => {
    expect(rightsOf(meeting("participant", [], nothing))).toEqual({ ...nothing, leads: false, hosts: false });
    expect(rightsOf(meeting("participant"))).toMatchObject({ share: true, unmute: true, leads: false });
    expect(rightsOf(meeting("cohost", [], nothing))).toMatchObject({ share: true, chat: true, leads: true, hosts: false });
    expect(rightsOf(meeting("host", [], nothing))).toMatchObject({ unmute: true, react: true, leads: true, hosts: true });
  });

  test("somebody who is not in yet may nothing beyond the permissions", () => {
    expect(rightsOf({ you: "nobody", room: room(1) })).toMatchObject({ leads: false, hosts: false });
  });

  test("a participant pins and writes, and no more", () => {
    expect(deedsFor(meeting("participant"), grace)).toEqual(["pin", "message"]);
    expect(deedsFor(meeting("participant"), ada)).toEqual(["pin"]);
  });

  test("a host may do everything about a participant who does everything", () => {
    const busy = person("grace", { screen: true, hand_raised_at: 3 });
    expect(deedsFor(meeting("host", [busy]), busy)).toEqual([
      "mute",
      "camera_off",
      "stop_sharing",
      "lower_hand",
      "pin",
      "spotlight",
      "message",
      "make_cohost",
      "remove",
    ]);
  });

  test("nothing is offered that is so already", () => {
    const quiet = person("grace", { microphone: false, camera: false, role: "cohost" });
    expect(deedsFor(meeting("host", [quiet]), quiet)).toEqual(["pin", "spotlight", "message", "unmake_cohost", "remove"]);
  });

  test("nobody acts on the host, and only the host makes co-hosts", () => {
    const host = person("grace", { role: "host" });
    expect(deedsFor(meeting("cohost", [host]), host)).toEqual(["pin", "spotlight", "message"]);
    const other = person("grace", { role: "cohost" });
    expect(deedsFor(meeting("cohost", [other]), other)).toEqual([
      "mute",
      "camera_off",
      "pin",
      "spotlight",
      "message",
      "remove",
    ]);
  });

  test("people take their own hand down, and hosts spotlight themselves", () => {
    const up = { ...ada, hand_raised_at: 2 };
    const own = { you: "ada", room: room(5, { participants: [up] }) };
    expect(deedsFor(own, up)).toEqual(["lower_hand", "pin"]);
    const host = { ...ada, role: "host" as const };
    const lit = { you: "ada", room: room(5, { participants: [host], room: { ...summary, spotlight: "ada" } }) };
    expect(deedsFor(lit, host)).toEqual(["pin", "unspotlight"]);
  });

  test("to those who lead the meeting everybody may write, whatever is permitted", () => {
    const cohost = person("eve", { role: "cohost" });
    const closed = meeting("participant", [grace, cohost], nothing);
    expect(recipientsFor(closed)).toEqual([cohost]);
    expect(deedsFor(closed, grace)).toEqual(["pin"]);
    expect(recipientsFor(meeting("host", [grace, cohost], nothing))).toEqual([grace, cohost]);
  });
});

describe("hands", () => {
  test("are in the order in which they were raised", () => {
    const participants = [
      person("a", { hand_raised_at: 30 }),
      person("b"),
      person("c", { hand_raised_at: 10 }),
      person("d", { hand_raised_at: 20 }),
    ];
    expect(raisedHands(participants).map(({ id }) => id)).toEqual(["c", "d", "a"]);
  });
});

describe("chat", () => {
  test("what was taken back is gone, and the version moves on for those who never saw it", () => {
    const from = reduce(live, said(welcome(room(8, { chat: [line(1), line(2), line(3)] }))));
    const gone = after(
      [
        said({ type: "change", version: 9, change: { kind: "unsaid", sequence: 2 } }),
        said({ type: "change", version: 10, change: { kind: "unsaid", sequence: 77 } }),
      ],
      from,
    );
    expect(inMeeting(gone)?.room).toMatchObject({ version: 10, chat: [line(1), line(3)] });
  });

  test("a word to one person has its place among the others and no version", () => {
    const alone = { ...line(2), to: "ada" };
    const from = reduce(live, said(welcome(room(8, { chat: [line(1), line(3)] }))));
    const state = reduce(from, said({ type: "direct", message: alone }));
    expect(inMeeting(state)?.room).toMatchObject({ version: 8, chat: [line(1), alone, line(3)] });
    expect(inMeeting(reduce(state, said({ type: "direct", message: alone })))?.room.chat).toHaveLength(3);
  });

  test("what was said to one person leaves the outbox when the room says it", () => {
    const saying = reduce(live, { type: "say", id: "m7", text: "psst", to: "grace" });
    expect(inMeeting(saying)?.outbox).toEqual([{ id: "m7", text: "psst", failed: false, to: "grace" }]);
    const message = { ...line(4, "m7"), to: "grace" };
    expect(inMeeting(reduce(saying, said({ type: "direct", message })))).toMatchObject({
      outbox: [],
      room: { version: 5, chat: [message] },
    });
  });

  test("a message that is there already is not there twice", () => {
    const once = room(1, { chat: [line(1)] });
    expect(hear(once, line(1))).toBe(once);
  });

  test("a meeting of hours keeps the newest messages, as many as the room does", () => {
    let state = room(1);
    for (let sequence = 1; sequence <= CHAT_HISTORY + 5; sequence += 1) state = hear(state, line(sequence));
    expect(state.chat.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: CHAT_HISTORY }, (_, place) => place + 6),
    );
    // One that was said before all of them and comes late changes nothing to see.
    expect(hear(state, line(2)).chat).toEqual(state.chat);
  });
});

describe("reactions", () => {
  const clap = said({ type: "reaction", participant: "grace", reaction: "clap" });

  test("are in sight until they are over", () => {
    const two = after([clap, clap], live);
    expect(inMeeting(two)?.reactions.map(({ id }) => id)).toEqual([1, 2]);
    const one = reduce(two, { type: "reaction_over", id: 1 });
    expect(inMeeting(one)?.reactions).toEqual([{ id: 2, participant: "grace", reaction: "clap" }]);
    expect(inMeeting(after([{ type: "reaction_over", id: 2 }, clap], one))?.reactions).toHaveLength(1);
  });

  test("older ones make place, and none has the name of another", () => {
    const ids = inMeeting(after(Array.from({ length: 60 }, () => clap), live))?.reactions.map(({ id }) => id) ?? [];
    expect(ids.length).toBeLessThan(40);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.at(-1)).toBe(60);
  });

  test("outlive a full state", () => {
    expect(inMeeting(after([clap, said(welcome(room(9)))], live))?.reactions).toHaveLength(1);
  });

  test("outside the meeting there are none", () => {
    const left = reduce(live, { type: "leave" });
    expect(reduce(left, clap)).toBe(left);
  });
});

describe("what a person is told", () => {
  const updated = (version: number, role: Role) =>
    said({ type: "change", version, change: { kind: "updated", participant: person("ada", { role }) } });

  test("of becoming a co-host, and of being one no longer", () => {
    const up = reduce(live, updated(6, "cohost"));
    expect(inMeeting(up)?.news).toEqual({ kind: "role", leads: true });
    expect(inMeeting(reduce(up, updated(7, "participant")))?.news).toEqual({ kind: "role", leads: false });
  });

  test("not of others, and not of the same role again", () => {
    const other = { kind: "joined", participant: person("grace", { role: "cohost" }) } as const;
    const state = after([said({ type: "change", version: 6, change: other }), updated(7, "participant")], live);
    expect(inMeeting(state)?.news).toBeNull();
  });

  test("of a refusal, each time", () => {
    const refusal = said({ type: "error", code: "host_only", message: "", about: "lock" });
    const once = reduce(live, refusal);
    expect(inMeeting(once)?.news).toEqual({ kind: "refused", code: "host_only", about: "lock" });
    expect(inMeeting(reduce(once, refusal))?.news).not.toBe(inMeeting(once)?.news);
  });

  test("of no refusal that they did not ask for", () => {
    expect(reduce(live, said({ type: "error", code: "rate_limited", message: "", about: "sync" }))).toBe(live);
  });
});

test("who is removed is told so, and not that they left", () => {
  expect(reduce(live, { type: "socket_closed", code: CLOSE_REMOVED })).toMatchObject({
    phase: "ended",
    ending: { kind: "removed" },
  });
});
