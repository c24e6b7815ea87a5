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
  vi.stubGlobal("fetch", (path: string, { signal }: { signal: AbortSignal }) => {
    const answer = answers[asked.length];
    asked.push(path);
    return answer ? answer(signal) : Promise.reject(new TypeError("unexpected"));
  });
  // What is fetched is remembered by the module: each test has its own.
  const { fetchChunks } = await import("../src/chunks");
  return { asked, fetchChunks };
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

test("one that fails is asked for once more, and again when it is wanted again", async () => {
  const { asked, fetchChunks } = await served(failed, there, failed, failed, there);
  await fetchChunks(["a.js"]);
  await expect(fetchChunks(["b.js"])).rejects.toThrow("NetworkError");
  await fetchChunks(["b.js"]);
  expect(asked).toEqual(["/a.js", "/a.js", "/b.js", "/b.js", "/b.js"]);
});

test("one of which nothing comes is asked for anew; one that comes slowly is waited for", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const { asked, fetchChunks } = await served(aborted, () => Promise.resolve(new Response(readable)));
  const fetched = fetchChunks(["a.js"]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveLength(2);
  const far = writable.getWriter();
  for (let round = 0; round < 5; round += 1) {
    await vi.advanceTimersByTimeAsync(4_000);
    await far.write(new Uint8Array(1));
  }
  await far.close();
  await fetched;
  expect(asked).toHaveLength(2);
});

test("an answer that is no file fails", async () => {
  const missing = () => Promise.resolve(new Response("", { status: 404 }));
  const { fetchChunks } = await served(missing, missing);
  await expect(fetchChunks(["a.js"])).rejects.toThrow("/a.js: 404");
});
