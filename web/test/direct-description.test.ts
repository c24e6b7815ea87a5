import { expect, test } from "vitest";
import { coherent, fits, offers } from "../src/media/direct-description";

function described(kinds: readonly string[], candidates = 3): string {
  const sections = kinds.map((kind) => `m=${kind} 9 UDP/TLS/RTP/SAVPF 111\r\na=rtcp-mux\r\n`);
  const found = "a=candidate:1 1 udp 2122260223 192.0.2.1 40000 typ host\r\n".repeat(candidates);
  return `v=0\r\n${sections.join("")}${found}`;
}

const OURS = ["audio", "video", "video", "audio", "application"];

test("only descriptions with our sections and few candidates are given to the browser", () => {
  expect(fits(described(OURS))).toBe(true);
  expect(fits(described(OURS, 0)), "candidates are the other's affair").toBe(true);
  for (const other of [[], ["application"], OURS.slice(0, 4), [...OURS, "video"], OURS.toReversed()]) {
    expect(fits(described(other)), other.join()).toBe(false);
  }
  expect(fits(described(Array.from({ length: 64 }, () => "video")))).toBe(false);
  expect(fits(described(OURS, 1_000))).toBe(false);
  for (const bad of ["", "v=0", "m=", "x".repeat(100_000)]) expect(fits(bad)).toBe(false);
});

test("of two one offers", () => {
  expect([offers("a", "b"), offers("b", "a")]).toEqual([true, false]);
});

test("what a section says of payload types that it does not list is left out", () => {
  const video = "m=video 9 UDP/TLS/RTP/SAVPF 120 124\r\na=fmtp:124 apt=120\r\na=rtcp-fb:120 nack pli\r\na=rtcp-fb:* ccm fir\r\n";
  const end = "a=rtpmap:120 VP8/90000\r\na=rtpmap:124 rtx/90000\r\na=extmap:12 urn:ietf:params:rtp-hdrext:sdes:mid\r\n";
  const other = "m=audio 9 UDP/TLS/RTP/SAVPF 123\r\na=rtpmap:123 opus/48000/2\r\n";
  const data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n";
  const described = (more: string) => `v=0\r\ns=-\r\n${video}${more}${end}${other}${data}`;
  const left = "a=rtcp-fb:123 nack\r\na=fmtp:12 profile-id=0\r\na=rtpmap:122 red/90000\r\n";
  expect(coherent(described(left))).toBe(described(""));
});
