import { beforeAll, describe, expect, test, vi } from "vitest";
import { addressProblem, explain } from "../src/account/form-errors";
import { parseFragment } from "../src/account/fragment";
import { choices } from "../src/account/locales";
import { strength } from "../src/account/password";
import { smallest } from "../src/account/picture";
import { ownPath, signInPath } from "../src/account/return-path";
import { ago, date } from "../src/account/time";
import { PICTURE_BYTES } from "../src/protocol";
import type { Refused } from "../src/request";
import { english } from "../src/text/english";
import { chooseLocale, locale } from "../src/text/locale";

beforeAll(() => {
  vi.stubGlobal("navigator", { languages: ["de-DE", "en-AU", "en-US"] });
  return () => vi.unstubAllGlobals();
});

describe("the path to return to after signing in", () => {
  test.each(["/home", "/m/abc-defg-hjk", "/meetings/1f?tab=people", "/profile", "/"])("may be %j", (path) =>
    expect(ownPath(path)).toBe(path),
  );
  test.each([
    "",
    null,
    undefined,
    "home",
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    "/x/..//evil.example/",
    "/.//evil.example",
    "javascript:alert(1)",
    "/signin?return=/signin",
    "/signup",
    "/verify",
    "/reset/",
    `/${"x".repeat(600)}`,
  ])("is home instead of %j", (path) => expect(ownPath(path)).toBe("/home"));
  test("stays on this site, whatever a browser makes of it", () => {
    const pieces = ["/", "//", "\\", ".", "..", "@", ":", "#", "?", "%2f", "%5c", "\t", "evil.example", "https:"];
    for (const one of pieces) {
      for (const two of pieces) {
        for (const three of pieces) {
          const path = ownPath(`/${one}${two}${three}`);
          expect(new URL(path, "https://meet.example").origin).toBe("https://meet.example");
        }
      }
    }
  });
  test("goes to the sign-in page whole", () => {
    const path = signInPath("/meetings/1f?tab=a&b=c");
    expect(new URL(path, "https://meet.example").searchParams.get("return")).toBe("/meetings/1f?tab=a&b=c");
    expect(signInPath("/")).toBe("/signin");
    expect(signInPath("/home")).toBe("/signin");
  });
});

describe("what a link carries behind the #", () => {
  test.each([
    ["", { kind: "none" }],
    ["#", { kind: "none" }],
    ["#content", { kind: "none" }],
    ["#token=0af1.x_Y-z", { kind: "token", token: "0af1.x_Y-z" }],
    ["#link=abc", { kind: "link", token: "abc" }],
    ["#done", { kind: "done" }],
    ["#error=cancelled", { kind: "error", code: "cancelled" }],
    // A link that a mail program broke is a link that does not work, not a page without one.
    ["#token=abc%20def", { kind: "token", token: "damaged" }],
    ["#token=", { kind: "token", token: "damaged" }],
    [`#token=${"x".repeat(513)}`, { kind: "token", token: "damaged" }],
    ["#link=%3Cb%3E", { kind: "none" }],
    ["#error=%3Cimg%20src%3Dx%3E", { kind: "error", code: "internal" }],
  ])("is read from %j", (hash, fragment) => expect(parseFragment(hash)).toEqual(fragment));
});

describe("a refusal in a form", () => {
  const labels = { name: "Name", email: "Email" };
  const refused = (more: Partial<Refused>): Refused => ({
    ok: false,
    code: "invalid_request",
    fields: {},
    retryAfter: null,
    ...more,
  });

  test("names the fields that the form has", () => {
    const told = explain(refused({ fields: { email: "is not valid", locale: "is not valid" } }), labels);
    expect(told).toEqual({ fields: { email: "Email is not valid." }, problem: null, wait: null });
  });
  test("about other fields is told above the button", () => {
    const told = explain(refused({ fields: { locale: "is not valid" } }), labels);
    expect(told.fields).toEqual({});
    expect(told.problem).toBe(english.account.notUnderstood);
  });
  test("of a lock-out says how long it lasts, and nothing else", () => {
    const told = explain(refused({ code: "rate_limited", retryAfter: 92 }), labels);
    expect(told).toEqual({ fields: {}, problem: null, wait: 92 });
    expect(explain(refused({ code: "rate_limited", retryAfter: 0 }), labels).wait).toBe(1);
    expect(explain(refused({ code: "rate_limited" }), labels).problem).toContain(english.errors.rate_limited.title);
  });
  test("by nobody speaks of the network", () => {
    expect(explain(refused({ code: "unreachable" }), labels).problem).toContain(english.errors.unreachable.title);
  });
  test("speaks of signing in where a seat would be meant elsewhere", () => {
    expect(explain(refused({ code: "unauthorized" }), labels).problem).toBe(english.account.signedOut);
  });
});

test("times to wait are read as minutes and seconds", () => {
  expect(english.account.tryAgainIn(1)).toContain("1 second.");
  expect(english.account.tryAgainIn(59)).toContain("59 seconds");
  expect(english.account.tryAgainIn(92)).toContain("1:32 minutes");
  expect(english.account.tryAgainIn(3_600)).toContain("60:00 minutes");
});

test("addresses have a local part and a dotted domain", () => {
  for (const good of ["ada@example.org", " Ada.Lovelace+x@mail.example.co ", "ä@ü.example"]) {
    expect(addressProblem(good), good).toBeNull();
  }
  for (const bad of ["ada", "@example.org", "ada@", "ada@example", "a b@example.org", "ada@example..org", "a@b@c.de"]) {
    expect(addressProblem(bad), bad).toBe(english.account.emailInvalid);
  }
  expect(addressProblem("  ")).toBe(english.account.emailMissing);
});

describe("the hint about a password", () => {
  test("counts what is missing in characters, not in code units", () => {
    expect(strength("1234567")).toEqual({ kind: "short", missing: 1 });
    expect(strength("👩‍🚀")).toEqual({ kind: "short", missing: 5 });
  });
  test.each(["aaaaaaaaaaaaaaaa", "abcdefghijklmno", "12345678901234", "password"])("calls %j weak", (password) =>
    expect(strength(password)).toEqual({ kind: "weak" }),
  );
  test.each(["kelp lantern orbit", "vT9#qLm2!xWz"])("calls %j strong", (password) =>
    expect(strength(password)).toEqual({ kind: "strong" }),
  );
  test("does not count what somebody who knows the person would try first", () => {
    expect(strength("lovelace1815")).toEqual({ kind: "fair" });
    expect(strength("lovelace1815", ["Ada Lovelace", "ada@example.org"])).toEqual({ kind: "weak" });
  });
});

describe("a picture", () => {
  test("is the best that fits", () => {
    const sized = (edge: number, quality: number) => "x".repeat(Math.round((edge * edge * quality) / 2));
    const picture = smallest(sized) ?? "";
    expect(picture.length).toBeLessThanOrEqual(PICTURE_BYTES);
    expect(picture.length).toBeGreaterThan(PICTURE_BYTES * 0.7);
  });
  test("that fits in no way is none", () => expect(smallest(() => "x".repeat(PICTURE_BYTES + 1))).toBeNull());
});

test("languages keep one that this client does not know", () => {
  expect(choices(undefined).map((choice) => choice.locale)).toContain("en-GB");
  expect(choices("pt-BR")[0]).toEqual({ locale: "pt-BR", name: "Português (Brasil)" });
  expect(choices("en-GB").filter((choice) => choice.locale === "en-GB")).toHaveLength(1);
  expect(() => choices("x-not--valid")).not.toThrow();
});

test("dates follow what the person chose, and what cannot be read is no choice", () => {
  const noon = Date.UTC(2026, 10, 21, 12);
  chooseLocale("en-GB");
  expect(date(noon)).toBe("21 Nov 2026");
  chooseLocale("en-US");
  expect(date(noon)).toBe("Nov 21, 2026");
  for (const none of [undefined, "not--a-tag"]) {
    chooseLocale(none);
    expect(locale()).toBe("en-AU");
  }
});

test("how long ago something was", () => {
  const now = 1_000_000_000;
  expect(ago(now - 20_000, now)).toBe(english.account.justNow);
  expect(ago(now + 20_000, now)).toBe(english.account.justNow);
  expect(ago(now - 120_000, now)).toBe("2 minutes ago");
  expect(ago(now - 7_200_000, now)).toBe("2 hours ago");
  expect(ago(now - 86_400_000, now)).toBe("yesterday");
});
