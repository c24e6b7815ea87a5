import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reduce, start } from "../src/call/state";
import * as protocol from "../src/protocol";
import { english } from "../src/text/english";
import { tell } from "../src/view/ending-words";

const sources = new URL("../src/", import.meta.url).pathname;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

function leaves(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

test("no text is empty", () => {
  for (const leaf of leaves(english)) {
    if (typeof leaf === "string") expect(leaf.trim()).not.toBe("");
    else expect(typeof leaf).toBe("function");
  }
});

test("every reason that the wire knows has words and a next step", () => {
  const declarations = readFileSync(join(sources, "protocol.ts"), "utf8");
  const union = /export type ErrorCode = ([^;]+);/.exec(declarations)?.[1] ?? "";
  const codes = [...union.matchAll(/"(\w+)"/g)].map((match) => match[1]);
  expect(codes.length).toBeGreaterThan(10);
  for (const code of codes) expect(english.errors).toHaveProperty(String(code));
});

test("every close code of a meeting's socket ends it with words of its own", () => {
  // The home page's own: it signs out, and there is no meeting to end.
  const codes = Object.entries(protocol).filter(([name]) => /^CLOSE_(?!SIGNED_OUT)/.test(name));
  expect(codes.length).toBeGreaterThan(5);
  const titles = codes.map(([name, code]) => {
    const state = reduce(start, { type: "socket_closed", code: Number(code) });
    const told = state.phase === "ended" ? tell(state.ending, null) : null;
    expect(told?.title, name).toBeTruthy();
    expect(told?.next, name).toBeTruthy();
    expect(told?.title, name).not.toBe(english.ended.closed);
    return told?.title;
  });
  expect(new Set(titles).size).toBe(titles.length);
});

test("every refusal says what happened and what to do next", () => {
  const titles = Object.keys(english.errors)
    .filter((code) => code !== "unreachable")
    .map((code) => {
      const { title, next } = tell({ kind: "refused", code: code as protocol.ErrorCode }, null);
      expect(title.length * next.length, code).toBeGreaterThan(0);
      return title;
    });
  expect(new Set(titles).size).toBeGreaterThan(titles.length - 3);
});

test("every word of the catalogue is used", () => {
  const code = files(sources)
    .filter((file) => /\.tsx?$/.test(file) && !/\/text\/(english|german|spanish|french|chinese|arabic)/.test(file))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const unused = Object.entries(english)
    .filter(([section]) => section !== "errors")
    .flatMap(([section, entries]) => (typeof entries === "object" ? Object.keys(entries) : [section]))
    .filter((key) => !new RegExp(`[.{ ]${key}\\b`).test(code));
  expect(unused).toEqual([]);
});

test("components hold no text of their own", () => {
  for (const file of files(sources).filter((name) => name.endsWith(".tsx"))) {
    const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    expect(code.match(/>\s*[A-Z][a-z]+[^<>{}=;()]*<\//g), file).toBeNull();
    expect(code.match(/(?<!\[)(aria-label|placeholder|title|alt)="[^"]+"/g), file).toBeNull();
  }
});
