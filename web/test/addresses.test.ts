import { describe, expect, test } from "vitest";
import { isAddress, readAddresses } from "../src/home/addresses";

describe("a list of addresses", () => {
  test.each([
    ["ada@example.org", ["ada@example.org"]],
    ["ada@example.org, grace@example.org", ["ada@example.org", "grace@example.org"]],
    ["ada@example.org grace@example.org", ["ada@example.org", "grace@example.org"]],
    ["ada@example.org\ngrace@example.org\r\n", ["ada@example.org", "grace@example.org"]],
    ["ada@example.org;grace@example.org;", ["ada@example.org", "grace@example.org"]],
    ["Ada\tada@example.org", ["ada@example.org"], ["ada"]],
    ["Ada Lovelace <Ada@Example.org>, \"Hopper, Grace\" <grace@example.org>", ["ada@example.org", "grace@example.org"], ["hopper"]],
    ["mailto:ada@example.org", ["ada@example.org"]],
    ["ADA@EXAMPLE.ORG ada@example.org", ["ada@example.org"]],
    ["ada@example, ada", [], ["ada@example", "ada"]],
    [" ,;\n ", []],
    ["", []],
  ])("%j", (text, addresses, bad: string[] = []) => {
    expect(readAddresses(text)).toEqual({ addresses, bad });
  });
});

test.each(["ada", "@example.org", "ada@", "ada@example", "a b@example.org", "ada@example..org", "a@b@c.de", "a".repeat(250) + "@b.de"])(
  "%j is no address",
  (text) => expect(isAddress(text)).toBe(false),
);

test.each(["ada@example.org", "ada+meet@mail.example.org", "o'hara@example.org", "ü@exämple.org"])("%j is one", (text) =>
  expect(isAddress(text)).toBe(true),
);
