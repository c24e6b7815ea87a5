import { describe, expect, test } from "vitest";
import { type Figures, figures, judge, sample, working } from "../src/media/stats";

interface Moment {
  ms: number;
  /** Packets sent and received so far, and how many of each are missing. */
  packets?: number;
  lostIn?: number;
  lostOut?: number;
  local?: object;
  remote?: object;
}

/** A connection of Chromium's shape that sends and receives one camera, 1000 bytes a packet. */
function chromium({ packets = 0, lostIn = 0, lostOut = 0, local, remote }: Moment): Map<string, object> {
  const rows: { id: string; type: string; [member: string]: unknown }[] = [
    { id: "T", type: "transport", selectedCandidatePairId: "P2" },
    { id: "P1", type: "candidate-pair", localCandidateId: "L1", remoteCandidateId: "R1", bytesSent: 7 },
    {
      ...{ id: "P2", type: "candidate-pair", localCandidateId: "L2", remoteCandidateId: "R2" },
      ...{ currentRoundTripTime: 0.042, availableOutgoingBitrate: 900_000 },
      ...{ bytesSent: packets * 1_100, bytesReceived: packets * 1_100 },
    },
    { id: "L1", type: "local-candidate", candidateType: "relay", protocol: "udp" },
    { id: "L2", type: "local-candidate", candidateType: "prflx", protocol: "udp", address: "192.0.2.1", port: 5, ...local },
    { id: "R2", type: "remote-candidate", candidateType: "host", protocol: "udp", address: "192.0.2.2", port: 7882, ...remote },
    { id: "C", type: "codec", mimeType: "video/VP8" },
    { id: "S", type: "media-source", kind: "video", trackIdentifier: "camera" },
    {
      ...{ id: "O", type: "outbound-rtp", kind: "video", mediaSourceId: "S", codecId: "C", packetsSent: packets },
      ...{ bytesSent: packets * 1_000, framesEncoded: packets / 10, frameWidth: 640, frameHeight: 360 },
      ...{ qualityLimitationReason: "cpu" },
    },
    { id: "RI", type: "remote-inbound-rtp", kind: "video", localId: "O", packetsLost: lostOut },
    {
      ...{ id: "I", type: "inbound-rtp", kind: "video", trackIdentifier: "theirs", codecId: "C", packetsReceived: packets },
      ...{ packetsLost: lostIn, bytesReceived: packets * 1_000, framesDecoded: packets / 10, frameWidth: 320, frameHeight: 180 },
    },
    { id: "I2", type: "inbound-rtp", kind: "audio", trackIdentifier: "nobody", packetsReceived: 0, packetsLost: 0 },
  ];
  return new Map(rows.map((row) => [row.id, row]));
}

const at = (moment: Moment) => sample(chromium(moment), moment.ms);

function between(before: Moment, now: Moment): Figures {
  const told = figures(at(before), at(now));
  if (!told) throw new Error("no figures");
  return told;
}

describe("figures", () => {
  const told = between({ ms: 1_000, packets: 1_000, lostIn: 50, lostOut: 3 }, { ms: 3_000, packets: 1_180, lostIn: 70, lostOut: 12 });

  test("are of the pair that the transport selected", () => {
    expect(told.path).toEqual({
      local: { type: "prflx", protocol: "udp", address: "192.0.2.1", port: 5 },
      remote: { type: "host", protocol: "udp", address: "192.0.2.2", port: 7882 },
      way: "udp",
    });
    expect(told.roundTrip).toBeCloseTo(42);
    expect(told.room).toBe(900_000);
  });
  test("count what happened between the samples, not since the beginning", () => {
    expect(told.lossIn).toBeCloseTo(20 / 200);
    expect(told.lossOut).toBeCloseTo(9 / 180);
    expect(told.rateOut).toBe((180 * 1_100 * 8) / 2);
    expect(told.rateIn).toBe(told.rateOut);
    expect(told.sent).toEqual([
      { kind: "video", track: "camera", codec: "VP8", width: 640, height: 360, limit: "cpu", rate: 720_000, pictures: 9 },
    ]);
  });
  test("tell a camera in layers as one: the size of the highest that flows, the rate of all", () => {
    const layers = (ms: number, [low, high, stopped]: readonly [number, number, number]) => {
      const rows = chromium({ ms });
      const layer = (id: string, packets: number, height: number) =>
        rows.set(id, {
          ...{ ...rows.get("O"), id, mid: "1", packetsSent: packets, bytesSent: packets * 1_000 },
          ...{ framesEncoded: packets / 10, frameHeight: height, frameWidth: height * 2 },
        });
      rows.delete("RI");
      layer("O", low, 180);
      layer("O2", high, 360);
      layer("O3", stopped, 720);
      return sample(rows, ms);
    };
    const sent = figures(layers(0, [10, 10, 500]), layers(1_000, [110, 310, 500]))?.sent;
    expect(sent).toMatchObject([{ track: "camera", width: 720, height: 360, pictures: 30, rate: 400 * 8_000 }]);
  });
  test("leave out streams that carry nothing", () => {
    expect(told.received.map(({ track }) => track)).toEqual(["theirs"]);
  });
  test("know no loss where nothing was sent", () => {
    const still = between({ ms: 0, packets: 10 }, { ms: 1_000, packets: 10 });
    expect([still.lossIn, still.lossOut]).toEqual([null, null]);
  });
  test("take late packets for what they are", () => {
    expect(between({ ms: 0, packets: 0, lostIn: 9 }, { ms: 1_000, packets: 100, lostIn: 4 }).lossIn).toBe(0);
  });
  test("do not span two connections, nor no time", () => {
    expect(figures(at({ ms: 0, packets: 100 }), at({ ms: 1_000, packets: 5 }))).toBeNull();
    expect(figures(at({ ms: 5 }), at({ ms: 5 }))).toBeNull();
  });
});

describe("the way", () => {
  const way = (local: object) => at({ ms: 0, local }).path?.way;
  test("is told by the own candidate", () => {
    expect(way({})).toBe("udp");
    expect(way({ protocol: "tcp" })).toBe("tcp");
    expect(way({ candidateType: "relay" })).toBe("relay_udp");
    expect(way({ candidateType: "relay", relayProtocol: "tcp" })).toBe("relay_tcp");
    expect(way({ candidateType: "prflx", relayProtocol: "tls" })).toBe("relay_tls");
  });
  test("is told by what carries the media where that is no region", () => {
    const rows = chromium({ ms: 0 });
    expect(sample(rows, 0, "direct").path?.way).toBe("direct");
    expect(sample(new Map(), 0, "websocket").path?.way).toBe("websocket");
    expect(sample(new Map(), 0).path).toBeNull();
  });
  test("of each pair that works is told, whether or not it is in use", () => {
    const rows = chromium({ ms: 0 });
    rows.set("P9", { id: "P9", type: "candidate-pair", state: "succeeded", localCandidateId: "L9", currentRoundTripTime: 0.02 });
    rows.set("P8", { id: "P8", type: "candidate-pair", state: "in-progress", localCandidateId: "L9" });
    rows.set("L9", { id: "L9", type: "local-candidate", candidateType: "host", protocol: "tcp" });
    expect(working(rows)).toContainEqual({ way: "tcp", roundTrip: 20 });
    expect(working(rows).filter(({ way }) => way === "tcp")).toHaveLength(1);
  });
  test("to a relay has the protocol of the relay", () => {
    expect(at({ ms: 0, local: { candidateType: "relay", relayProtocol: "tls" } }).path?.local.protocol).toBe("tls");
  });
  test("is the pair that is marked where no transport names one", () => {
    const rows = chromium({ ms: 0 });
    rows.delete("T");
    expect(sample(rows, 0).path).toBeNull();
    rows.set("P2", { ...rows.get("P2"), selected: true });
    expect(sample(rows, 0).path?.remote.port).toBe(7882);
  });
  test("is unknown where nothing is reported", () => {
    expect(sample(new Map(), 0)).toMatchObject({ path: null, roundTrip: null, room: null, bytesIn: 0 });
  });
});

describe("the judgement", () => {
  const fine = between({ ms: 0 }, { ms: 1_000, packets: 100 });
  const of = (change: Partial<Figures>) => judge({ ...fine, ...change });

  test("is good where nothing is wrong, also where nothing is known", () => {
    expect(of({})).toEqual({ quality: "good", why: null });
    expect(of({ lossIn: null, lossOut: null, roundTrip: null, room: null }).quality).toBe("good");
  });
  test.each([
    [{ lossOut: 0.03 }, "fair", "loss_out"],
    [{ lossOut: 0.1 }, "poor", "loss_out"],
    [{ lossIn: 0.05 }, "fair", "loss_in"],
    [{ roundTrip: 250 }, "fair", "delay"],
    [{ roundTrip: 500 }, "poor", "delay"],
    [{ room: 100_000 }, "fair", "room"],
    [{ room: 100_000, sent: [] }, "good", null],
    [{ lossOut: 0.04, roundTrip: 800 }, "poor", "delay"],
  ] as const)("of %j is %s", (change, quality, why) => {
    expect(of(change)).toEqual({ quality, why });
  });
});
