import { expect, test } from "vitest";
import { DirectNetwork } from "../src/media/direct-network";
import { type Sample, sample } from "../src/media/stats";

/** A sample at that time, with that many packets each way so far and those lost. */
function at(seconds: number, { lostIn = 0, lostOut = 0, roundTrip = 0.02 } = {}): Sample {
  const packets = 100 * seconds;
  const rtp = (id: string, type: string) => ({ id, type, kind: "audio", packetsReceived: packets, packetsSent: packets });
  const stats = [
    { id: "t", type: "transport", selectedCandidatePairId: "p" },
    { id: "p", type: "candidate-pair", currentRoundTripTime: roundTrip, bytesReceived: packets, bytesSent: packets },
    { ...rtp("in", "inbound-rtp"), packetsLost: lostIn },
    rtp("out", "outbound-rtp"),
    { id: "far", type: "remote-inbound-rtp", localId: "out", packetsLost: lostOut },
  ];
  return sample(new Map(stats.map((stat) => [stat.id, stat])), seconds * 1_000);
}

test("what is lost of mine tells of my network, what I miss of the other's, and delay of both", () => {
  const network = new DirectNetwork("ada", "bob");
  expect(network.sampled(at(2))).toBeNull();
  expect(network.sampled(at(4, { lostOut: 10 }))).toEqual([{ participant: "ada", quality: "fair" }]);
  expect(network.sampled(at(6, { lostOut: 20 }))).toBeNull();
  expect(network.sampled(at(8, { lostOut: 80 }))).toEqual([{ participant: "ada", quality: "poor" }]);
  const other = new DirectNetwork("ada", "bob");
  other.sampled(at(2));
  expect(other.sampled(at(4, { lostIn: 10 }))).toEqual([{ participant: "bob", quality: "fair" }]);
  const far = new DirectNetwork("ada", "bob");
  far.sampled(at(2));
  expect(far.sampled(at(4, { roundTrip: 0.6 }))).toEqual([
    { participant: "ada", quality: "poor" },
    { participant: "bob", quality: "poor" },
  ]);
});

test("better is said after a while", () => {
  const network = new DirectNetwork("ada", "bob");
  network.sampled(at(2));
  network.sampled(at(4, { lostIn: 10 }));
  const told = [6, 8, 10, 12].map((seconds) => network.sampled(at(seconds, { lostIn: 10 })));
  expect(told).toEqual([null, null, [], null]);
});
