import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetModules();
});

const file = (...parts: string[]) => new Response(new Blob(parts).stream());

/** What answers one after the other, and what was asked for. */
async function served(...answers: ((signal: AbortSignal) => Promise<Response>)[]) {
  const asked: string[] = [];
  const caches: RequestCache[] = [];
  vi.stubGlobal("fetch", (path: string, { signal, cache }: { signal: AbortSignal; cache: RequestCache }) => {
    const answer = answers[asked.length];
    asked.push(path);
    caches.push(cache);
    return answer ? answer(signal) : Promise.reject(new TypeError("unexpected"));
  });
  // What is fetched is remembered by the module: each test has its own.
  const { fetchChunks } = await import("../src/chunks");
  return { asked, caches, fetchChunks };
}

/** What this comes to once the pauses in between are over. */
async function passing(fetching: Promise<void>): Promise<unknown> {
  const end = fetching.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1_000);
  return end;
}

const failed = () => Promise.reject(new TypeError("NetworkError"));
const there = () => Promise.resolve(file("export {}"));
const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));

test("each file is fetched once", async () => {
  const { asked, fetchChunks } = await served(there, there, there);
  await Promise.all([fetchChunks(["a.js", "b.js"]), fetchChunks(["b.js"])]);
  await fetchChunks(["a.js", "c.js"]);
  expect(asked).toEqual(["/a.js", "/b.js", "/c.js"]);
});

test("one that fails is asked for twice more, and again when it is wanted again", async () => {
  const { asked, fetchChunks } = await served(failed, failed, there, failed, failed, failed, there);
  await passing(fetchChunks(["a.js"]));
  expect(await passing(fetchChunks(["b.js"]))).toMatchObject({ message: "/b.js" });
  await fetchChunks(["b.js"]);
  expect(asked).toEqual([...Array<string>(3).fill("/a.js"), ...Array<string>(4).fill("/b.js")]);
});

test("one of which nothing comes is asked for anew, after longer each time", async () => {
  const { asked, fetchChunks } = await served(aborted, aborted, aborted);
  const failing = expect(fetchChunks(["a.js"])).rejects.toThrow("/a.js");
  for (const [after, attempts] of [[3_499, 1], [1, 2], [6_499, 2], [1, 3], [11_999, 3]] as const) {
    await vi.advanceTimersByTimeAsync(after);
    expect(asked).toHaveLength(attempts);
  }
  await vi.advanceTimersByTimeAsync(1);
  await failing;
});

test("one that comes slowly is waited for, and what is fetched beside it", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const { asked, fetchChunks } = await served(() => Promise.resolve(new Response(readable)), aborted, there);
  const slow = fetchChunks(["a.js"]);
  const beside = fetchChunks(["b.js"]);
  const far = writable.getWriter();
  for (let round = 0; round < 5; round += 1) {
    await vi.advanceTimersByTimeAsync(2_000);
    await far.write(new Uint8Array(1));
  }
  expect(asked).toHaveLength(2);
  await far.close();
  await slow;
  await vi.advanceTimersByTimeAsync(3_500);
  await beside;
  expect(asked).toEqual(["/a.js", "/b.js", "/b.js"]);
});

test.each([
  ["says so", () => new Response("", { status: 404 })],
  ["sends the document", () => new Response("<!doctype html>", { headers: { "content-type": "text/html; charset=utf-8" } })],
])("where the server does not have one and %s, it is asked for once past the cache", async (_, missing) => {
  const { asked, caches, fetchChunks } = await served(async () => missing(), async () => missing());
  const failure = await passing(fetchChunks(["a.js"]));
  expect((failure as Error).constructor.name).toBe("Gone");
  expect(asked).toHaveLength(2);
  expect(caches).toEqual(["default", "reload"]);
});

test("a server in trouble is like a network that is away", async () => {
  const trouble = async () => new Response("<html>", { status: 503, headers: { "content-type": "text/html" } });
  const { fetchChunks } = await served(trouble, trouble, trouble, there);
  const failure = await passing(fetchChunks(["a.js"]));
  expect((failure as Error).constructor.name).toBe("Away");
  await fetchChunks(["a.js"]);
});
