/**
 * Tries, before anybody joins, which ways lead to the region: a connection that carries nothing, whose
 * connectivity checks (RFC 8445) the region answers for some seconds.
 */
import { askProbe } from "../api";
import type { IceServer, Probe, Seat } from "../protocol";
import { recall, remember } from "../storage";
import { iceConfiguration, reachable } from "./ice";
import { met } from "./networks";
import { allowedRungs, ICE } from "./rungs";
import { type Way, working } from "./stats";

export type ProbedWay = Exclude<Way, "direct">;

export type ProbeOutcome =
  /** No region takes calls now. */
  | { kind: "no_region" }
  /** No way leads to this one. */
  | { kind: "blocked"; region: string }
  | { kind: "through"; region: string; way: ProbedWay; roundTrip: number };

/** Better ways than the first that is found are waited for this long. */
export const BETTER_WITHIN_MS = 1_500;
/** No way is expected any more. */
export const GIVE_UP_MS = 6_000;
/** Relays that have not answered by then are not waited for. */
const GATHER_WITHIN_MS = 1_500;
const LOOK_EVERY_MS = 100;
/** Best first. */
const WAYS: readonly ProbedWay[] = ["udp", "tcp", "relay_udp", "relay_tcp", "relay_tls", "websocket"];

export interface Found {
  way: ProbedWay;
  roundTrip: number;
}

/** The best of the ways that work. */
export function best(found: readonly { way: Way; roundTrip: number | null }[]): Found | null {
  const ranked = found.flatMap(({ way, roundTrip }) =>
    way === "direct" || roundTrip === null ? [] : [{ way, roundTrip }],
  );
  ranked.sort((one, other) => WAYS.indexOf(one.way) - WAYS.indexOf(other.way) || one.roundTrip - other.roundTrip);
  return ranked[0] ?? null;
}

/** Whether what was found counts; times are milliseconds since the beginning. */
export function isSettled(found: Found | null, firstAt: number | null, now: number): boolean {
  if (found?.way === WAYS[0]) return true;
  return now >= GIVE_UP_MS || (firstAt !== null && now - firstAt >= BETTER_WITHIN_MS);
}

/** Null where it cannot be told: nobody answered, or this is over. */
export async function probe(seat: Seat, relays: readonly IceServer[], signal: AbortSignal): Promise<ProbeOutcome | null> {
  const rungs = allowedRungs();
  if (!ICE.some((rung) => rungs.has(rung))) return null;
  const peer = new RTCPeerConnection(iceConfiguration(relays, rungs));
  try {
    peer.createDataChannel("probe");
    const offer = await peer.createOffer();
    await peer.setLocalDescription(offer);
    const [asked] = await Promise.all([askProbe(seat), gathered(peer)]);
    if (!asked.ok) return asked.code === "region_unavailable" ? { kind: "no_region" } : null;
    const { region, answer } = asked.value;
    await peer.setRemoteDescription({ type: "answer", sdp: described(answer, offer.sdp ?? "") });
    for (const candidate of answer.candidates.filter((one) => reachable(`a=${one}`, rungs) !== "")) {
      await peer.addIceCandidate({ candidate, sdpMLineIndex: 0 });
    }
    const found = await look(peer, signal);
    if (signal.aborted) return null;
    if (seat.network !== undefined) remember("networks", met(recall("networks"), seat.network, !found, Date.now()));
    return found ? { kind: "through", region, ...found } : { kind: "blocked", region };
  } catch {
    return null;
  } finally {
    peer.close();
  }
}

/** Chromium looks for no further relays once a way works, so all are to be there before. */
function gathered(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const follow = () => {
      if (peer.iceGatheringState === "complete") resolve();
    };
    peer.addEventListener("icegatheringstatechange", follow);
    setTimeout(resolve, GATHER_WITHIN_MS);
    follow();
  });
}

async function look(peer: RTCPeerConnection, signal: AbortSignal): Promise<Found | null> {
  const from = performance.now();
  let firstAt: number | null = null;
  for (;;) {
    const found = best(working(await peer.getStats()));
    const now = performance.now() - from;
    if (found) firstAt ??= now;
    if (signal.aborted || isSettled(found, firstAt, now)) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The other end as a description: it opens no DTLS, and none is opened to it. */
function described({ ufrag, password }: Probe["answer"], offer: string): string {
  if (![ufrag, password].every((text) => /^[\w+/]{4,256}$/.test(text))) throw new Error("no credentials of ICE");
  const mid = /^a=mid:(\S+)/m.exec(offer)?.[1] ?? "0";
  const lines = [
    "v=0",
    "o=- 0 0 IN IP4 0.0.0.0",
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${mid}`,
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0",
    `a=mid:${mid}`,
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => "00").join(":")}`,
    "a=setup:active",
    "a=sctp-port:5000",
  ];
  return `${lines.join("\r\n")}\r\n`;
}
