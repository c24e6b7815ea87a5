import { expect, test } from "vitest";
import { LEADS_AFTER_MS, type Leading, listen, lookAgain, nobody } from "../src/call/leading";

const ada: Leading = { speaker: "ada", rival: null, since: 0 };

test("the first to speak leads at once", () => {
  expect(listen(nobody, "ada", 10)).toMatchObject({ speaker: "ada", rival: null });
});

test("silence changes nothing", () => {
  expect(listen(ada, null, 60_000)).toBe(ada);
});

test("somebody else leads once they were the loudest for long enough", () => {
  const begun = listen(ada, "bob", 1_000);
  expect(begun.speaker).toBe("ada");
  expect(lookAgain(begun)).toBe(1_000 + LEADS_AFTER_MS);
  expect(listen(begun, "bob", 1_000 + LEADS_AFTER_MS - 1).speaker).toBe("ada");
  expect(listen(begun, "bob", 1_000 + LEADS_AFTER_MS)).toMatchObject({ speaker: "bob", rival: null });
});

test("a cough does not lead: the time begins anew after silence, the speaker or a third", () => {
  for (const between of [null, "ada", "eve"]) {
    let leading = listen(ada, "bob", 0);
    leading = listen(leading, between, 1_000);
    leading = listen(leading, "bob", 1_200);
    expect(listen(leading, "bob", 1_600).speaker).toBe("ada");
  }
});

test("there is nothing to look at again while nobody else speaks", () => {
  expect(lookAgain(nobody)).toBeNull();
  expect(lookAgain(listen(listen(ada, "bob", 0), null, 100))).toBeNull();
});
