import { afterEach, beforeEach, expect, test, vi } from "vitest";

const held = vi.hoisted(() => ({ tokens: [] as (string | null)[], refused: [] as string[] }));
vi.mock("../src/account/session", () => ({
  bearer: () => Promise.resolve(held.tokens[0] ?? null),
  anotherBearer: (token: string) => {
    held.refused.push(token);
    held.tokens.shift();
    return Promise.resolve(held.tokens[0] ?? null);
  },
}));

import { calendarFile, changePassword, deleteAccount, meetings, register, takeSeat } from "../src/api";

interface Sent {
  url: string;
  method: string;
  token: string | null;
  body: unknown;
}

let sent: Sent[] = [];
let answers: (() => Response)[] = [];

const problem = (status: number, code: string, headers: Record<string, string> = {}, more = {}) => () =>
  new Response(JSON.stringify({ type: "about:blank", title: "…", status, code, ...more }), { status, headers });

beforeEach(() => {
  held.tokens = [];
  held.refused = [];
  sent = [];
  answers = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const body = init.body as string | undefined;
    const token = new Headers(init.headers).get("Authorization");
    sent.push({ url, method: init.method ?? "GET", token, body: body === undefined ? undefined : JSON.parse(body) });
    const answer = answers.shift();
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError("network"));
  });
});
afterEach(() => vi.unstubAllGlobals());

test("a guest's request carries no token", async () => {
  answers = [() => Response.json({ seat: "s" })];
  expect(await takeSeat({ code: "abc-defg-hjk" })).toEqual({ ok: true, value: { seat: "s" } });
  expect(sent).toEqual([{ url: "/api/rooms/join", method: "POST", token: null, body: { code: "abc-defg-hjk" } }]);
});

test("a refused token is replaced once", async () => {
  held.tokens = ["old", "new"];
  answers = [problem(401, "unauthorized"), () => Response.json({ upcoming: [], past: [] })];
  expect((await meetings()).ok).toBe(true);
  expect(sent.map((request) => request.token)).toEqual(["Bearer old", "Bearer new"]);
  expect(held.refused).toEqual(["old"]);
});

test("two refusals are a refusal", async () => {
  held.tokens = ["old", "new"];
  answers = [problem(401, "unauthorized"), problem(401, "unauthorized")];
  expect(await meetings()).toMatchObject({ ok: false, code: "unauthorized" });
  expect(sent).toHaveLength(2);
});

test("a wrong password is no reason for another token", async () => {
  held.tokens = ["good", "other"];
  answers = [problem(401, "invalid_credentials")];
  const answer = await changePassword({ current: "x", password: "y" });
  expect(answer).toMatchObject({ ok: false, code: "invalid_credentials" });
  expect(held.refused).toEqual([]);
});

test("who was signed out from elsewhere comes as a guest", async () => {
  held.tokens = ["old"];
  answers = [problem(401, "unauthorized"), () => Response.json({ seat: "s" })];
  expect((await takeSeat({ code: "abc-defg-hjk" })).ok).toBe(true);
  expect(sent.map((request) => request.token)).toEqual(["Bearer old", null]);
});

test("an answer without content is a success", async () => {
  answers = [() => new Response(null, { status: 204 })];
  expect(await deleteAccount()).toEqual({ ok: true, value: undefined });
});

test("fields and the time to wait are passed on", async () => {
  answers = [
    problem(400, "invalid_request", {}, { errors: { email: "is not valid" } }),
    problem(429, "rate_limited", { "Retry-After": "92" }),
    problem(429, "rate_limited", { "Retry-After": "Fri, 20 Nov 2026 23:00:00 GMT" }),
  ];
  const body = { name: "Ada", email: "ada", password: "12345678" };
  expect(await register(body)).toEqual({
    ok: false,
    code: "invalid_request",
    fields: { email: "is not valid" },
    retryAfter: null,
  });
  expect(await register(body)).toMatchObject({ code: "rate_limited", retryAfter: 92 });
  expect(await register(body)).toMatchObject({ code: "rate_limited", retryAfter: null });
});

test("what cannot be understood counts as no answer", async () => {
  answers = [() => new Response("<html>", { status: 502 }), () => new Response("<html>", { status: 200 })];
  for (let round = 0; round < 3; round += 1) expect(await meetings()).toMatchObject({ ok: false, code: "unreachable" });
});

test("a calendar file comes as it is", async () => {
  held.tokens = ["good"];
  answers = [() => new Response("BEGIN:VCALENDAR")];
  const answer = await calendarFile("a/b");
  expect(sent[0]).toMatchObject({ url: "/api/rooms/a%2Fb/calendar.ics", token: "Bearer good" });
  expect(answer.ok && (await answer.value.text())).toBe("BEGIN:VCALENDAR");
});
