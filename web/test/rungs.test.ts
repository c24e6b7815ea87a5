import { expect, it } from "vitest";
import { allowedRungs } from "../src/media/rungs";

it("allows every way where the setting names none", () => {
  for (const setting of ["", "pigeons"]) {
    expect([...allowedRungs(setting)]).toEqual(["direct", "udp", "tcp", "relay", "websocket"]);
  }
});

it("allows what the setting names, best first", () => {
  expect([...allowedRungs("relay,tcp")]).toEqual(["tcp", "relay"]);
});
