import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test, vi } from "vitest";
import { titleOf, words } from "../src/text";
import { arabic } from "../src/text/arabic";
import { chinese } from "../src/text/chinese";
import { type Catalogue, english } from "../src/text/english";
import { french } from "../src/text/french";
import { german } from "../src/text/german";
import { chooseLanguage, language } from "../src/text/in-use";
import { bestOf, directionOf, LANGUAGES, languageOf } from "../src/text/languages";
import { counter } from "../src/text/plural";
import { spanish } from "../src/text/spanish";

const OTHERS: readonly Catalogue[] = [german, spanish, french, chinese, arabic];

/** What is the same in every language: names, examples, keys, units. */
const SAME = new Set(["Meridian", "Outlook", "GitHub", "Google", "abc-defg-hjk", "ada@example.org, grace@example.org", "Esc"]);
const UNITS = /\b(ms|s|kbit|Mbit|px|ics|Meridian)\b/g;

/** What a language writes as English does. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  de: ["Name", "Orange", "Petrol", "Indigo", "Chat", "Emoji", "Meeting", "In #: #"],
  es: ["Chat", "Google Calendar"],
  fr: ["Orange", "Olive", "Indigo", "Violet", "Emoji", "Message", "Notifications", "Participants", "Date"],
  zh: [],
  ar: [],
};

/** A text without what was put in; empty when that was all of it. */
function bare(text: string, shown: readonly string[]): string {
  const rest = shown.reduce((left, part) => left.replaceAll(part, "#"), text);
  return /\p{L}/u.test(rest.replace(UNITS, "")) ? rest : "";
}

type Call = (...parameters: unknown[]) => unknown;
type Leaf = string | Call;

function leaves(value: unknown, path = ""): [string, Leaf][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, value as Call]];
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}

const ENGLISH = new Map(leaves(english));

/** Parameters that are numbers, by the names that the English catalogue gives them. */
const NUMBERS = /^(number|missing|seconds|minutes|total|over|others|inside|page|pages|place|of|milliseconds|events|time|width|height|pictures)$/;

/** Functions whose parameters are neither a text nor a number. */
const SAMPLES: Readonly<Record<string, unknown[]>> = {
  "preview.here": [["Ada", "Grace"], 44],
  "tile.label": ["Ada", ["first", "second"]],
  "account.continueWith": ["github"],
  "account.providerName": ["google"],
  "connection.percent": [0.42],
  "connection.rate": [42_000_000],
};
/** What then must be read in the result. */
const SHOWN: Readonly<Record<string, string[]>> = {
  "preview.here": ["Ada", "Grace", "42"],
  "tile.label": ["Ada", "first", "second"],
  "account.continueWith": ["GitHub"],
  "account.providerName": ["Google"],
  "connection.percent": ["42"],
  "connection.rate": ["42"],
};

function sample(path: string): { given: unknown[]; shown: string[] } {
  const special = SAMPLES[path];
  if (special) return { given: special, shown: SHOWN[path] ?? [] };
  const source = String(ENGLISH.get(path));
  const names = /^\(?([^)=]*)\)?\s*=>/.exec(source)?.[1]?.split(",").map((name) => name.trim()).filter(Boolean) ?? [];
  const given = names.map((name, place) => (NUMBERS.test(name) ? 42 + place : `Q${place}-${name}`));
  return { given, shown: given.map(String) };
}

describe.each(OTHERS.map((catalogue) => [catalogue.language, catalogue] as const))("%s", (name, catalogue) => {
  const own = new Map(leaves(catalogue));

  test("has the texts of English, and no others", () => {
    expect([...own.keys()].sort()).toEqual([...ENGLISH.keys()].sort());
  });

  test("none of them is empty, or still English", () => {
    for (const [path, leaf] of own) {
      if (typeof leaf !== "string" || leaf !== ENGLISH.get(path) || path.startsWith("landing.heroNames.")) continue;
      expect([...SAME, ...(ALIKE[name] ?? [])], path).toContain(leaf);
    }
    for (const [path, leaf] of own) if (typeof leaf === "string") expect(leaf.trim(), path).not.toBe("");
  });

  test("texts with gaps take what English takes, and show all of it", () => {
    for (const [path, leaf] of own) {
      const original = ENGLISH.get(path);
      if (typeof leaf !== "function" || typeof original !== "function") continue;
      const { given, shown } = sample(path);
      expect(original.length, path).toBe(given.length);
      expect(leaf.length, path).toBe(original.length);
      const text = String(leaf(...given));
      for (const part of shown) expect(text, path).toContain(part);
      const same = text === original(...given) ? bare(text, shown) : "";
      if (same !== "" && !ALIKE[name]?.includes(same)) expect(text, path).not.toBe(original(...given));
    }
  });

  test("names people first where what follows is about them", () => {
    expect(catalogue.tile.label("Ada", ["x"]).startsWith("Ada")).toBe(true);
  });

  test("is one that can be chosen", () => {
    expect(LANGUAGES.map(({ language: one }) => one)).toContain(name);
  });
});

test("the samples show what English says, too", () => {
  for (const [path, leaf] of ENGLISH) {
    if (typeof leaf !== "function") continue;
    const { given, shown } = sample(path);
    for (const part of shown) expect(String(leaf(...given)), path).toContain(part);
  }
});

test("numbers change the words around them as each language has it", () => {
  const forms = (catalogue: Catalogue, numbers: readonly number[]) =>
    new Set(numbers.map((number) => catalogue.call.unread(number).replace(/\d+/, "#"))).size;
  for (const catalogue of [english, german, spanish, french]) expect(forms(catalogue, [1, 2])).toBe(2);
  expect(forms(chinese, [1, 2])).toBe(1);
  expect(forms(arabic, [1, 2, 3, 11, 100])).toBeGreaterThan(3);
  const count = counter("ar");
  const all = { zero: "z", one: "1", two: "2", few: "f #", many: "m #", other: "o #" };
  expect([0, 1, 2, 3, 11, 100].map((number) => count(number, all))).toEqual(["z", "1", "2", "f 3", "m 11", "o 100"]);
});

test("of what somebody wishes for, the first that there is", () => {
  expect(bestOf([])).toBe("en");
  expect(bestOf(["pt-BR", "de-AT", "en-US"])).toBe("de");
  expect(bestOf(["", "fr-CA"])).toBe("fr");
  expect(bestOf(["zh-Hant-TW"])).toBe("zh");
  expect(bestOf(["ar-u-nu-arab"])).toBe("ar");
  expect(languageOf("denmark")).toBeNull();
  expect(languageOf(undefined)).toBeNull();
  expect(LANGUAGES.filter(({ language: one }) => directionOf(one) === "rtl")).toHaveLength(1);
});

describe("the words in use", () => {
  afterAll(() => chooseLanguage("en"));

  test("change with the language, wherever they were taken from", async () => {
    expect(words.close).toBe(english.close);
    expect(await chooseLanguage("de")).toBe(true);
    expect(language.value).toBe("de");
    expect(words.close).toBe(german.close);
    expect(words.account.save).toBe(german.account.save);
    await chooseLanguage("es");
    expect(titleOf({ title: "Meeting" })).toBe("Reunión");
    expect(titleOf({ title: "Planning" })).toBe("Planning");
  });

  test("are those that were wanted last, whichever came first", async () => {
    const first = chooseLanguage("ar");
    const second = chooseLanguage("en");
    await Promise.all([first, second]);
    expect(words.close).toBe(english.close);
  });

  test("stay when others cannot be loaded", async () => {
    vi.resetModules();
    vi.doMock("../src/text/french", () => {
      throw new Error("not there");
    });
    const fresh = await import("../src/text/in-use");
    expect(await fresh.chooseLanguage("fr")).toBe(false);
    expect(fresh.catalogue.value.language).toBe("en");
    vi.doUnmock("../src/text/french");
  });
});

test("nothing but the one place that loads them names another language's words", () => {
  const folder = new URL("../src/", import.meta.url).pathname;
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(file) || /text\/(german|spanish|french|chinese|arabic|english)/.test(file)) continue;
    const code = readFileSync(`${folder}${file}`, "utf8");
    expect(code, file).not.toMatch(/^import .*\/(german|spanish|french|chinese|arabic)[\w-]*"/m);
    if (!file.endsWith("text/in-use.ts")) expect(code, file).not.toMatch(/import\("[^"]*\/(german|spanish|french|chinese|arabic)/);
  }
});

test("styles count from where lines begin, not from the left", () => {
  const folder = new URL("../src/styles/", import.meta.url).pathname;
  for (const file of readdirSync(folder)) {
    const lines = readFileSync(`${folder}${file}`, "utf8").split("\n");
    const physical = lines.filter(
      (line) =>
        /(margin|padding|border)-(left|right)\b|border-(top|bottom)-(left|right)-radius|text-align: (left|right)|float: (left|right)/.test(line) ||
        // The middle is the same from both sides; elsewhere a comment says why.
        (/^\s*(left|right): /.test(line) && !/: 50%;|\/\*/.test(line)) ||
        // Four values whose second and fourth differ.
        /^\s*(margin|padding): (\S+) (?!env)(\S+) (\S+) (?!\3;)(?!env)\S+;/.test(line),
    );
    expect(physical, file).toEqual([]);
  }
});
