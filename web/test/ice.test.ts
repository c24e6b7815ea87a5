import { describe, expect, test } from "vitest";
import { iceConfiguration, reachable } from "../src/media/ice";
import { allowedRungs, type Rung } from "../src/media/rungs";

const RELAY = { urls: ["turn:192.0.2.1:3478"], username: "one", credential: "two" };
const ANSWER = [
  "v=0",
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
  "a=candidate:1 1 udp 2130706175 192.0.2.2 7882 typ host",
  "a=candidate:2 1 tcp 1671430143 192.0.2.2 7881 typ host tcptype passive",
  "a=end-of-candidates",
  "",
].join("\r\n");

const lines = (...rungs: Rung[]) =>
  reachable(ANSWER, new Set(rungs))
    .split("\r\n")
    .filter((line) => line.startsWith("a=candidate"))
    .map((line) => line.split(" ")[2]);

describe("the developers' setting", () => {
  test("of the region's addresses those stay that lead to a way which may be taken", () => {
    expect(lines("udp")).toEqual(["udp"]);
    expect(lines("tcp")).toEqual(["tcp"]);
    expect(lines("relay")).toEqual(["udp"]);
    expect(lines("udp", "tcp")).toEqual(["udp", "tcp"]);
    expect(lines("direct", "websocket")).toEqual([]);
  });

  test("without it nothing of the answer is lost", () => {
    expect(reachable(ANSWER, allowedRungs(""))).toBe(ANSWER);
    expect(iceConfiguration([RELAY], allowedRungs(""))).toEqual({ iceServers: [RELAY], iceTransportPolicy: "all" });
  });

  test("relays are used where they may be, and alone where UDP may not", () => {
    const policy = (...rungs: Rung[]) => iceConfiguration([RELAY], new Set(rungs));
    expect(policy("udp")).toEqual({ iceServers: [], iceTransportPolicy: "all" });
    expect(policy("tcp")).toEqual({ iceServers: [], iceTransportPolicy: "all" });
    expect(policy("relay")).toEqual({ iceServers: [RELAY], iceTransportPolicy: "relay" });
    expect(policy("tcp", "relay").iceTransportPolicy).toBe("relay");
    expect(policy("udp", "relay").iceTransportPolicy).toBe("all");
  });
});
