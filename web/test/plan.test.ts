import { describe, expect, test } from "vitest";
import { creation, difference, freshPlan, type Plan, planOf, wrongInvitations, wrongWith } from "../src/home/plan";
import { INVITATIONS, type RoomDetails } from "../src/protocol";

const now = Date.parse("2026-11-20T23:50:00Z");
const plan: Plan = {
  title: " Review ",
  date: "2026-11-21",
  time: "09:30",
  minutes: 45,
  zone: "America/New_York",
  kind: "private",
};
const starts_at = Date.parse("2026-11-21T14:30:00Z");
const room: RoomDetails = {
  id: "r1",
  title: "Review",
  kind: "private",
  phase: "created",
  participants: 0,
  created_at: now,
  starts_at,
  duration_minutes: 45,
  time_zone: "America/New_York",
};

test("a fresh plan begins at the next half hour that leaves time, also past midnight", () => {
  expect(freshPlan(now, "UTC")).toMatchObject({ date: "2026-11-21", time: "00:00", zone: "UTC", title: "" });
  expect(freshPlan(now + 60_000, "UTC")).toMatchObject({ date: "2026-11-21", time: "00:30" });
  expect(wrongWith(freshPlan(now, "Asia/Tokyo"), [], now)).toEqual({});
});

test("the request says the moment, the zone and only what was given", () => {
  expect(creation(plan, ["grace@example.org"])).toEqual({
    title: "Review",
    kind: "private",
    starts_at,
    duration_minutes: 45,
    time_zone: "America/New_York",
    invite: ["grace@example.org"],
  });
  const bare = creation({ ...plan, title: " " }, []);
  expect(bare).not.toHaveProperty("title");
  expect(bare).not.toHaveProperty("invite");
});

describe("what is wrong is said of the field", () => {
  test.each<[Partial<Plan>, object]>([
    [{}, {}],
    [{ title: "x".repeat(121) }, { title: "too_long" }],
    [{ title: "a\u202eb" }, { title: "forbidden" }],
    [{ date: "" }, { date: "missing" }],
    [{ time: "" }, { time: "missing" }],
    [{ date: "", time: "" }, { date: "missing", time: "missing" }],
    [{ date: "2026-11-19" }, { date: "past" }],
    [{ date: "2026-11-20", time: "10:00" }, { time: "past" }],
    [{ date: "2029-11-21" }, { date: "far" }],
  ])("%j", (part, wrong) => expect(wrongWith({ ...plan, ...part }, [], now)).toEqual(wrong));

  test("of addresses", () => {
    expect(wrongWith(plan, ["grace"], now)).toEqual({ invite: "malformed" });
    const many = Array.from({ length: INVITATIONS }, (_, place) => `p${place}@example.org`);
    expect(wrongInvitations(many, 0)).toEqual({});
    expect(wrongInvitations(many, 1)).toEqual({ invite: "too_many" });
  });
});

describe("a change", () => {
  const before = planOf(room, "UTC");

  test("of nothing is none", () => expect(difference(before, room)).toBeNull());

  test("holds only what differs", () => {
    expect(before).toMatchObject({ date: "2026-11-21", time: "09:30", zone: "America/New_York" });
    expect(difference({ ...before, title: "Retrospective" }, room)).toEqual({ title: "Retrospective" });
    expect(difference({ ...before, time: "10:00" }, room)).toEqual({ starts_at: starts_at + 30 * 60_000 });
    expect(difference({ ...before, minutes: 60, kind: "team" }, room)).toEqual({ duration_minutes: 60, kind: "team" });
  });

  test("of the zone alone moves the moment with it", () => {
    expect(difference({ ...before, zone: "UTC" }, room)).toEqual({
      starts_at: Date.parse("2026-11-21T09:30:00Z"),
      time_zone: "UTC",
    });
  });

  test("gives an instant meeting no time", () => {
    const { starts_at: _, duration_minutes: __, time_zone: ___, ...instant } = room;
    expect(difference({ ...planOf(instant, "UTC"), date: "2027-01-01", time: "10:00" }, instant)).toBeNull();
  });
});
