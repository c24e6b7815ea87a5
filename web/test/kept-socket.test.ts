import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KeptSocket, OPEN_WITHIN_MS, PONG_SOONEST_MS, PONG_SOON_MS, type Socket } from "../src/call/kept-socket";

class FakeSocket implements Socket {
  readyState: Socket["readyState"] = 0;
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly sent: string[] = [];
  closed = false;

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
  fail(code: number): void {
    this.readyState = 3;
    this.onclose?.call(this as never, { code } as CloseEvent);
  }
}

/** Hands a socket over when the test says so, as a page does that first fetches a token. */
let uses: ((socket: Socket | null) => void)[];
let lost: number;
let closed: number[];
let proven: number;
let struggling: number[];

function begin(): KeptSocket<never, { type: "decline" }> {
  return new KeptSocket(
    {
      open: (use) => void uses.push(use),
      final: new Set([4010]),
      pingEvery: 30_000,
      backoff: { first: 500, cap: 15_000 },
    },
    {
      message: () => undefined,
      lost: () => {
        lost += 1;
      },
      closed: (code) => closed.push(code),
      proven: () => {
        proven += 1;
      },
      struggling: (attempts) => struggling.push(attempts),
    },
  );
}

const handOver = (socket: Socket | null) => uses.at(-1)?.(socket);

function opened(): [KeptSocket<never, { type: "decline" }>, FakeSocket] {
  const kept = begin();
  const socket = new FakeSocket();
  handOver(socket);
  socket.open();
  return [kept, socket];
}

beforeEach(() => {
  vi.useFakeTimers();
  uses = [];
  struggling = [];
  lost = 0;
  closed = [];
  proven = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

test("a socket that is handed over later is used like any other", () => {
  const kept = begin();
  expect(kept.send({ type: "decline" })).toBe(false);
  vi.advanceTimersByTime(3_000);
  const socket = new FakeSocket();
  handOver(socket);
  socket.open();
  expect(kept.send({ type: "decline" })).toBe(true);
  vi.advanceTimersByTime(30_000);
  expect(socket.sent).toEqual(['{"type":"decline"}', "ping"]);
});

test("where none can be opened for now, it is tried again", () => {
  begin();
  handOver(null);
  expect(lost).toBe(1);
  vi.advanceTimersByTime(500);
  expect(uses).toHaveLength(2);
});

test("one that comes after the wait for it was over is closed, and the next one counts", () => {
  begin();
  vi.advanceTimersByTime(OPEN_WITHIN_MS + 500);
  expect(uses).toHaveLength(2);
  const late = new FakeSocket();
  uses[0]?.(late);
  expect(late.closed).toBe(true);
  const next = new FakeSocket();
  handOver(next);
  expect(next.closed).toBe(false);
});

test("one that comes after the end is closed", () => {
  const kept = begin();
  kept.stop();
  const late = new FakeSocket();
  handOver(late);
  expect(late.closed).toBe(true);
  vi.advanceTimersByTime(120_000);
  expect(uses).toHaveLength(1);
});

test("after a sleep one that answers goes on", () => {
  const [kept, socket] = opened();
  kept.wake();
  expect(kept.isDoubted).toBe(true);
  socket.onmessage?.call(socket as never, { data: "pong" } as MessageEvent);
  expect(kept.isDoubted).toBe(false);
  vi.advanceTimersByTime(PONG_SOON_MS);
  expect([lost, socket.closed, uses.length]).toEqual([0, false, 1]);
});

test("after a sleep one that does not is replaced at once, and what it says no longer counts", () => {
  const kept = begin();
  const old = new FakeSocket();
  handOver(old);
  old.open();
  kept.wake();
  vi.advanceTimersByTime(PONG_SOONEST_MS);
  expect([lost, old.closed, uses.length]).toEqual([1, true, 2]);
  const next = new FakeSocket();
  handOver(next);
  next.open();
  old.fail(4010);
  expect(closed).toEqual([]);
  expect(kept.isOpen).toBe(true);
  kept.stop();
  kept.wake();
  expect(uses).toHaveLength(2);
});

test("after a sleep one that was being opened is opened anew", () => {
  const kept = begin();
  handOver(new FakeSocket());
  kept.wake();
  expect(uses).toHaveLength(2);
});

test("where there is a doubt an answer is waited for less long", () => {
  const [kept, socket] = opened();
  kept.probe();
  vi.advanceTimersByTime(PONG_SOON_MS - 1);
  expect(socket.closed).toBe(false);
  vi.advanceTimersByTime(1);
  expect([socket.closed, lost, uses.length]).toEqual([true, 1, 2]);
});

test("who doubts again waits no longer, and who has more reason less long", () => {
  const [kept, socket] = opened();
  kept.probe();
  vi.advanceTimersByTime(200);
  kept.suspect();
  vi.advanceTimersByTime(PONG_SOONEST_MS - 1);
  kept.probe();
  kept.suspect();
  expect(socket.closed).toBe(false);
  vi.advanceTimersByTime(1);
  expect([socket.closed, lost, uses.length]).toEqual([true, 1, 2]);
});

test.each([
  ["opening took long", 600, 0, 1_200],
  ["opening took very long", 5_000, 0, PONG_SOON_MS],
  ["the last answer took long", 0, 200, 800],
])("where %s an answer may take long, too", (_, opening, answer, most) => {
  const kept = begin();
  const socket = new FakeSocket();
  handOver(socket);
  vi.advanceTimersByTime(opening);
  socket.open();
  kept.probe();
  vi.advanceTimersByTime(answer);
  socket.onmessage?.call(socket as never, { data: "pong" } as MessageEvent);
  kept.suspect();
  vi.advanceTimersByTime(most - 1);
  expect(socket.closed).toBe(false);
  vi.advanceTimersByTime(1);
  expect([socket.closed, lost]).toEqual([true, 1]);
});

test("a doubt from before a sleep is none after it", () => {
  const [kept, socket] = opened();
  kept.probe();
  vi.setSystemTime(Date.now() + 60_000);
  kept.wake();
  vi.advanceTimersByTime(PONG_SOONEST_MS);
  expect([socket.closed, lost, uses.length]).toEqual([true, 1, 2]);
});

test("one that is replaced counts as a failed one", () => {
  const [kept] = opened();
  kept.probe();
  vi.advanceTimersByTime(PONG_SOON_MS);
  expect(struggling).toEqual([]);
  handOver(null);
  expect(struggling).toEqual([1]);
});

test("a close for good is told once and not followed up", () => {
  begin();
  const socket = new FakeSocket();
  handOver(socket);
  socket.open();
  socket.fail(4010);
  vi.advanceTimersByTime(120_000);
  expect(closed).toEqual([4010]);
  expect(uses).toHaveLength(1);
  expect(lost).toBe(0);
});

test("a socket that was asked whether it works is in doubt until it says anything", () => {
  const [kept, socket] = opened();
  expect([kept.isDoubted, proven]).toEqual([false, 0]);
  kept.probe();
  expect([kept.isDoubted, proven]).toEqual([true, 0]);
  socket.onmessage?.call(socket as never, { data: "pong" } as MessageEvent);
  socket.onmessage?.call(socket as never, { data: "pong" } as MessageEvent);
  expect([kept.isDoubted, proven]).toEqual([false, 1]);
  kept.probe();
  vi.advanceTimersByTime(PONG_SOON_MS + 10_000);
  handOver(new FakeSocket());
  expect([kept.isDoubted, proven]).toEqual([false, 1]);
});
