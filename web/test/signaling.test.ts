import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { delay } from "../src/call/backoff";
import { OPEN_WITHIN_MS, PONG_WITHIN_MS, type Socket } from "../src/call/kept-socket";
import { PING_EVERY_MS, Signaling } from "../src/call/signaling";
import { CLOSE_DENIED, CLOSE_ENDED, CLOSE_REMOVED, CLOSE_REPLACED, type ServerMessage } from "../src/protocol";

class FakeSocket implements Socket {
  readyState: Socket["readyState"] = 0;
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly sent: string[] = [];
  closed = false;

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {}

  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.call(this as never, {} as Event);
  }
  receive(data: unknown): void {
    this.onmessage?.call(this as never, { data } as MessageEvent);
  }
  fail(code = 1006): void {
    this.readyState = 3;
    this.onclose?.call(this as never, { code } as CloseEvent);
  }
}

let sockets: FakeSocket[];
let messages: ServerMessage[];
let lost: number;
let closed: number[];
let struggling: number[];

function begin(): Signaling {
  return new Signaling(
    "wss://meet.example/api/rooms/1/signal",
    "token",
    {
      message: (message) => messages.push(message),
      lost: () => {
        lost += 1;
      },
      closed: (code) => closed.push(code),
      struggling: (attempts) => struggling.push(attempts),
    },
    (url, protocols) => {
      const socket = new FakeSocket(url, protocols);
      sockets.push(socket);
      return socket;
    },
  );
}

const latest = () => sockets.at(-1) as FakeSocket;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  messages = [];
  lost = 0;
  closed = [];
  struggling = [];
});
afterEach(() => {
  vi.useRealTimers();
});

test("the seat travels as a subprotocol, never in the address", () => {
  begin();
  expect(latest().protocols).toEqual(["meridian.v1", "meridian.seat.token"]);
  expect(latest().url).not.toContain("token");
});

test("messages are handed on; pongs and what is not a message are not", () => {
  begin();
  latest().open();
  latest().receive('{"type":"check"}');
  for (const noise of ["pong", "{", "[]", "null", '"text"', new ArrayBuffer(2)]) latest().receive(noise);
  expect(messages).toEqual([{ type: "check" }]);
});

test("what cannot be sent now is refused, not kept", () => {
  const signaling = begin();
  expect(signaling.send({ type: "here" })).toBe(false);
  latest().open();
  expect(signaling.send({ type: "here" })).toBe(true);
  expect(latest().sent).toEqual(['{"type":"here"}']);
});

describe("a lost socket", () => {
  test("is opened again with the same seat within 250 ms", () => {
    begin();
    latest().open();
    latest().fail();
    expect(lost).toBe(1);
    vi.advanceTimersByTime(250);
    expect(sockets).toHaveLength(2);
    expect(latest().protocols).toEqual(["meridian.v1", "meridian.seat.token"]);
  });

  test("is tried again with growing waits of at most three seconds", () => {
    begin();
    for (let attempt = 0; attempt < 12; attempt += 1) {
      latest().fail();
      vi.advanceTimersByTime(3_000);
      expect(sockets).toHaveLength(attempt + 2);
    }
    expect(struggling.at(-1)).toBe(11);
  });

  test("starts from the shortest wait again once it was open", () => {
    begin();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      latest().fail();
      vi.advanceTimersByTime(3_000);
    }
    latest().open();
    latest().fail();
    const before = sockets.length;
    vi.advanceTimersByTime(250);
    expect(sockets).toHaveLength(before + 1);
  });

  test("is opened at once when the network comes back", () => {
    const signaling = begin();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      latest().fail();
      vi.advanceTimersByTime(3_000);
    }
    latest().fail();
    const before = sockets.length;
    signaling.probe();
    expect(sockets).toHaveLength(before + 1);
  });

  test.each([CLOSE_REPLACED, CLOSE_ENDED, CLOSE_DENIED, CLOSE_REMOVED])("stays closed when the room closed it with %i", (code) => {
    begin();
    latest().open();
    latest().fail(code);
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
    expect(closed).toEqual([code]);
    expect(lost).toBe(0);
  });
});

describe("a silent socket", () => {
  test("is asked after twenty seconds, and kept while it answers", () => {
    begin();
    latest().open();
    for (let round = 1; round <= 4; round += 1) {
      vi.advanceTimersByTime(PING_EVERY_MS);
      expect(latest().sent).toHaveLength(round);
      latest().receive("pong");
    }
    expect(latest().sent).toEqual(["ping", "ping", "ping", "ping"]);
    expect(lost).toBe(0);
  });

  test("is given up when it does not answer", () => {
    begin();
    const first = latest();
    first.open();
    vi.advanceTimersByTime(PING_EVERY_MS + PONG_WITHIN_MS);
    expect(first.closed).toBe(true);
    expect(lost).toBe(1);
    vi.advanceTimersByTime(250);
    expect(sockets).toHaveLength(2);
  });

  test("is given up when it never opens", () => {
    begin();
    vi.advanceTimersByTime(OPEN_WITHIN_MS + 250);
    expect(sockets).toHaveLength(2);
  });

  test("is asked at once when the network changed", () => {
    const signaling = begin();
    latest().open();
    signaling.probe();
    expect(latest().sent).toEqual(["ping"]);
  });
});

test("a stopped one is closed and stays closed", () => {
  const signaling = begin();
  latest().open();
  signaling.stop();
  expect(latest().closed).toBe(true);
  vi.advanceTimersByTime(120_000);
  expect(sockets).toHaveLength(1);
  expect(lost).toBe(0);
});

test("waits grow, are at least half random and never exceed the cap", () => {
  const backoff = { first: 250, cap: 3_000 };
  expect(delay(backoff, 0, 0)).toBe(125);
  expect(delay(backoff, 0, 1)).toBe(250);
  expect(delay(backoff, 2, 0.5)).toBe(750);
  expect(delay(backoff, 1_000, 1)).toBe(3_000);
});
