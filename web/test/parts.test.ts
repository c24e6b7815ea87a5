import { describe, expect, test } from "vitest";
import { codeFrom } from "../src/code";
import { loudness } from "../src/media/level";
import { initials } from "../src/view/avatar";
import { linked } from "../src/view/links";

describe("meeting codes", () => {
  test.each([
    "abc-defg-hjk",
    " ABCDEFGHJK ",
    "https://meet.example/m/abc-defg-hjk?x=1",
    "/m/abc-defg-hjk/",
    "abc defg hjk",
  ])("are found in %j", (pasted) => expect(codeFrom(pasted)).toBe("abc-defg-hjk"));
  test.each(["", "abc", "abc-defg-hjkk", "https://meet.example/", "äbc-defg-hjk", "ilo-quvv-iii"])(
    "are not in %j",
    (pasted) => expect(codeFrom(pasted)).toBeNull(),
  );
});

test("loudness is nothing for silence, everything for full scale, and grows between", () => {
  const tone = (amplitude: number) => Float32Array.from({ length: 960 }, (_, index) => amplitude * Math.sin(index / 7));
  expect(loudness(tone(0))).toBe(0);
  expect(loudness(new Float32Array())).toBe(0);
  expect(loudness(tone(1))).toBeGreaterThan(0.9);
  expect(loudness(tone(0.1))).toBeGreaterThan(loudness(tone(0.01)));
});

test("initials are of the first and the last word, in any script", () => {
  expect(initials("Ada")).toBe("A");
  expect(initials("ada king lovelace")).toBe("AL");
  expect(initials("  李 小龙 ")).toBe("李小");
  expect(initials("👩‍🚀 Ada")).not.toBe("");
});

test("addresses in a text become links, and only web addresses", () => {
  const kinds = linked("see https://example.org/a?b=1, or javascript:alert(1)").map((part) =>
    typeof part === "string" ? part : "link",
  );
  expect(kinds).toEqual(["see ", "link", ", or javascript:alert(1)"]);
});
