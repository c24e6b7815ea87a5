import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { ableDirectly, DirectCalls } from "../src/call/direct-calls";
import { start } from "../src/call/state";
import type { MediaEvents } from "../src/media/connection";
import type { DirectConnection } from "../src/media/direct";
import type { MediaSession } from "../src/media/session";
import type { ClientMessage } from "../src/protocol";

type Made = typeof DirectConnection;

/** Calls whose connections note what becomes of them, and which are fetched when `fetched` or `failed` is called. */
function begin() {
  const done: string[] = [];
  const sent: ClientMessage[] = [];
  let fetched = () => {};
  let failed = () => {};
  class Noted {
    constructor(_relays: unknown, _you: string, other: string) {
      done.push(`connect ${other}`);
    }
    described(sdp: string) {
      done.push(`described ${sdp}`);
    }
  }
  const beside = {
    try: (connect: (events: MediaEvents) => unknown) => void connect({} as MediaEvents),
    take: () => done.push("take") > 0,
    leave: () => done.push("leave") > 0,
  };
  const calls = new DirectCalls(
    { beside, renew: () => true } as unknown as MediaSession,
    { state: signal(start), relays: () => [], send: (message) => void sent.push(message) },
    () =>
      new Promise((resolve, reject) => {
        fetched = () => resolve(Noted as unknown as Made);
        failed = () => reject(new Error("away"));
      }),
  );
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return {
    calls,
    sent,
    take: () => done.splice(0),
    fetched: () => (fetched(), settle()),
    failed: () => (failed(), settle()),
  };
}

test("what is said while the connection's code is fetched is done afterwards, in order", async () => {
  const { calls, take, fetched } = begin();
  calls.receive({ type: "plan", plan: 1, path: "both", peer: "bob" });
  calls.receive({ type: "description", plan: 1, sdp: "theirs" });
  calls.receive({ type: "check" });
  expect(take()).toEqual([]);
  await fetched();
  expect(take()).toEqual(["connect bob", "described theirs"]);
  calls.receive({ type: "plan", plan: 1, path: "direct", peer: "bob" });
  expect(take()).toEqual(["take"]);
});

test("code that does not come is a try that failed", async () => {
  const { calls, sent, take, failed, fetched } = begin();
  calls.receive({ type: "plan", plan: 1, path: "both", peer: "bob" });
  await failed();
  expect(sent).toEqual([{ type: "reached", plan: 1, reached: false }]);
  calls.receive({ type: "plan", plan: 2, path: "region" });
  calls.receive({ type: "plan", plan: 3, path: "both", peer: "bob" });
  await fetched();
  expect(take()).toEqual(["connect bob"]);
});

test("nothing is done after the call", async () => {
  const { calls, take, fetched } = begin();
  calls.receive({ type: "plan", plan: 1, path: "both", peer: "bob" });
  calls.stop();
  await fetched();
  expect(take()).toEqual([]);
});

test("whoever keeps direct ways out does not ask for them", () => {
  expect(ableDirectly()).toEqual({ direct: true });
  vi.stubGlobal("localStorage", { getItem: () => "udp,tcp" });
  expect(ableDirectly()).toEqual({});
  vi.unstubAllGlobals();
});
