import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { COLOURS } from "../src/account/colours";
import { english } from "../src/text/english";

const css = readFileSync(new URL("../src/styles/tokens.css", import.meta.url), "utf8");

/** The value of a token in one theme. */
function token(name: string, theme: "light" | "dark"): string {
  const value = new RegExp(`--${name}: ([^;]+);`).exec(css)?.[1];
  if (value === undefined) throw new Error(`no token ${name}`);
  const both = /^light-dark\((.+), (.+)\)$/.exec(value);
  return both ? ((theme === "light" ? both[1] : both[2]) as string) : value;
}

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const texts = [
  ...["page", "raised", "hover"].flatMap((ground) =>
    ["text", "muted", "accent", "danger", "good", "warning"].map((ink) => [ink, ground]),
  ),
  ["on-fill", "fill"],
  ["on-fill", "fill-hover"],
  ["on-fill", "danger-fill"],
  ["on-fill", "danger-fill-hover"],
  ["on-fill", "good-fill"],
  ["on-fill", "good-fill-hover"],
  ...["stage", "tile", "stage-raised", "stage-hover"].flatMap((ground) =>
    ["stage-text", "stage-muted"].map((ink) => [ink, ground]),
  ),
] as [string, string][];

const marks = [
  ["line-strong", "page"],
  ["line-strong", "raised"],
  ["speaking", "tile"],
  ["speaking", "stage"],
] as [string, string][];

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  test.each(texts)("%s can be read on %s", (ink, ground) => {
    expect(contrast(token(ink, theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(marks)("%s can be seen on %s", (mark, ground) => {
    expect(contrast(token(mark, theme), token(ground, theme))).toBeGreaterThanOrEqual(3);
  });
});

describe("the colours of people", () => {
  test.each(COLOURS)("%s carries white initials", (colour) => {
    expect(contrast(colour, "#ffffff")).toBeGreaterThanOrEqual(4.5);
  });
  test("are the ones that the server gives, and have names", () => {
    const source = readFileSync(new URL("../../crates/account/src/registration.rs", import.meta.url), "utf8");
    expect([...source.matchAll(/"(#[0-9a-f]{6})"/g)].map((match) => match[1])).toEqual(COLOURS);
    expect(english.account.colours).toHaveLength(COLOURS.length);
  });
});
