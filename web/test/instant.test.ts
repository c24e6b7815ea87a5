import { describe, expect, test } from "vitest";
import { instantOf, isZone, wallOf, zones } from "../src/home/instant";

const at = (text: string) => Date.parse(text);

describe("a time on a clock becomes a moment", () => {
  test.each([
    ["2026-11-21", "09:30", "UTC", "2026-11-21T09:30:00Z"],
    ["2026-11-21", "09:30", "Europe/Berlin", "2026-11-21T09:30:00+01:00"],
    ["2026-07-21", "09:30", "Europe/Berlin", "2026-07-21T09:30:00+02:00"],
    ["2026-11-21", "09:30", "America/New_York", "2026-11-21T09:30:00-05:00"],
    ["2026-11-21", "00:00", "Asia/Kolkata", "2026-11-21T00:00:00+05:30"],
    ["2026-11-21", "23:59", "Asia/Kathmandu", "2026-11-21T23:59:00+05:45"],
    ["2026-11-21", "12:00", "Pacific/Kiritimati", "2026-11-21T12:00:00+14:00"],
    ["2026-11-21", "12:00", "Pacific/Niue", "2026-11-21T12:00:00-11:00"],
    ["2027-01-01", "00:00", "Australia/Lord_Howe", "2027-01-01T00:00:00+11:00"],
    ["2028-02-29", "08:00", "America/Sao_Paulo", "2028-02-29T08:00:00-03:00"],
  ])("%s %s in %s", (date, time, zone, moment) => {
    expect(instantOf({ date, time }, zone)).toEqual({ at: at(moment), kind: "exact" });
  });

  // Clocks go from 02:00 to 03:00 in Berlin on March 29, from 02:00 to 03:00 in New York on March 8.
  test.each([
    ["2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T03:30:00+02:00"],
    ["2026-03-08", "02:15", "America/New_York", "2026-03-08T03:15:00-04:00"],
    ["2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-04T02:45:00+11:00"],
  ])("%s %s is skipped in %s, and means as much later as clocks jump", (date, time, zone, moment) => {
    expect(instantOf({ date, time }, zone)).toEqual({ at: at(moment), kind: "skipped" });
  });

  test.each([
    ["2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T02:30:00+02:00"],
    ["2026-11-01", "01:30", "America/New_York", "2026-11-01T01:30:00-04:00"],
    ["2026-04-05", "01:45", "Australia/Lord_Howe", "2026-04-05T01:45:00+11:00"],
  ])("%s %s comes twice in %s, and means the first", (date, time, zone, moment) => {
    expect(instantOf({ date, time }, zone)).toEqual({ at: at(moment), kind: "repeated" });
  });

  test.each([
    ["2026-03-29", "01:59", "2026-03-29T01:59:00+01:00"],
    ["2026-03-29", "03:00", "2026-03-29T03:00:00+02:00"],
    ["2026-10-25", "01:59", "2026-10-25T01:59:00+02:00"],
    ["2026-10-25", "03:00", "2026-10-25T03:00:00+01:00"],
  ])("the minutes around a change are what they are: %s %s", (date, time, moment) => {
    expect(instantOf({ date, time }, "Europe/Berlin")).toEqual({ at: at(moment), kind: "exact" });
  });

  test("a day that never was in Samoa is the day after", () => {
    const moment = instantOf({ date: "2011-12-30", time: "12:00" }, "Pacific/Apia");
    expect(moment?.kind).toBe("skipped");
    expect(wallOf(moment?.at ?? 0, "Pacific/Apia")).toEqual({ date: "2011-12-31", time: "12:00" });
  });

  test.each([
    ["", "09:30", "UTC"],
    ["2026-02-30", "09:30", "UTC"],
    ["2026-11-21", "", "UTC"],
    ["2026-11-21", "25:00", "UTC"],
    ["21.11.2026", "09:30", "UTC"],
    ["2026-11-21", "09:30", "Mars/Olympus"],
  ])("%j %j in %s is none", (date, time, zone) => expect(instantOf({ date, time }, zone)).toBeNull());
});

test("the hours around each change of the clocks lead there and back, in zones of every kind", () => {
  const hour = 3_600_000;
  const from = at("2026-01-01T00:00:00Z");
  const zonesOfEveryKind = ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago"];
  for (const zone of zonesOfEveryKind) {
    const days = Array.from({ length: 365 }, (_, day) => from + day * 24 * hour);
    const changes = days.filter((day) => wallOf(day, zone).time !== wallOf(day + 24 * hour, zone).time);
    expect(changes, zone).toHaveLength(2);
    for (const change of changes) {
      for (let moment = change - 12 * hour; moment < change + 36 * hour; moment += hour / 2) {
        const back = instantOf(wallOf(moment, zone), zone);
        // Of a time that clocks show twice, the first is meant.
        const shifts = back?.kind === "repeated" ? [0, hour / 2, hour] : [0];
        expect(shifts, `${zone} ${new Date(moment).toISOString()}`).toContain(moment - (back?.at ?? 0));
        expect(back?.kind).not.toBe("skipped");
      }
    }
  }
});

test("zones that can be chosen are zones", () => {
  const all = zones();
  expect(all).toContain("UTC");
  expect(all.length).toBeGreaterThan(300);
  expect(all.every(isZone)).toBe(true);
});
