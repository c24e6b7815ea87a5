/**
 * What a connection really does, read from `RTCPeerConnection.getStats` (W3C webrtc-stats).
 *
 * Pure: a report becomes a sample, and two samples become figures over the time between them. What
 * a browser does not report is null, never guessed.
 */

import type { Carrier } from "./connection";

/** The members of the reports that are read; every one may be missing in some browser. */
interface Stat {
  id: string;
  type: string;
  [member: string]: unknown;
}

export type StatsReport = Iterable<readonly [string, unknown]>;

export type CandidateType = "host" | "srflx" | "prflx" | "relay";

/** One end of the pair that carries the media. */
export interface Candidate {
  type: CandidateType | null;
  /** `udp` or `tcp`; to a relay, how the relay is reached: `udp`, `tcp` or `tls`. */
  protocol: string | null;
  address: string | null;
  port: number | null;
}

/** How media gets through, best first. */
export type Way = "direct" | "udp" | "tcp" | "relay_udp" | "relay_tcp" | "relay_tls" | "websocket";

/** The way that media takes. */
export interface Path {
  local: Candidate;
  remote: Candidate;
  way: Way;
}

/** Counters of one stream of packets. */
interface Stream {
  direction: "in" | "out";
  kind: "audio" | "video";
  /** Of the receiving track, or of the one that is sent. */
  track: string | null;
  /** What sends its picture, in one stream or in several layers; null for all else. */
  section: string | null;
  codec: string | null;
  packets: number;
  lost: number | null;
  bytes: number;
  frames: number;
  width: number | null;
  height: number | null;
  /** What keeps a sent picture from being better. */
  limit: string | null;
}

export interface Sample {
  /** Milliseconds, of any clock that goes on. */
  at: number;
  path: Path | null;
  roundTrip: number | null;
  /** The browser's estimate of what can be sent, in bps. */
  room: number | null;
  bytesIn: number;
  bytesOut: number;
  streams: ReadonlyMap<string, Stream>;
}

/** One stream, or one picture in all its layers, over the time between two samples. */
export interface Flow extends Pick<Stream, "kind" | "track" | "codec" | "width" | "height" | "limit"> {
  /** bps of its payload. */
  rate: number;
  /** Pictures a second; 0 for sound. */
  pictures: number;
}

export interface Figures {
  path: Path | null;
  /** Milliseconds. */
  roundTrip: number | null;
  /** Shares of packets, 0 to 1; null when nothing was sent, or nobody reported. */
  lossIn: number | null;
  lossOut: number | null;
  /** bps over the whole connection, with headers. */
  rateIn: number;
  rateOut: number;
  room: number | null;
  sent: readonly Flow[];
  received: readonly Flow[];
}

export function sample(report: StatsReport, at: number, carrier: Carrier = "region"): Sample {
  const stats = rows(report);
  const pair = selectedPair(stats);
  const streams = new Map<string, Stream>();
  for (const stat of stats.values()) {
    const stream = streamOf(stat, stats);
    if (stream) streams.set(stat.id, stream);
  }
  const seconds = number(pair?.currentRoundTripTime);
  return {
    at,
    path: carrier === "websocket" ? WEBSOCKET : pair ? pathOf(pair, stats, carrier) : null,
    roundTrip: seconds === null ? null : seconds * 1_000,
    room: number(pair?.availableOutgoingBitrate),
    bytesIn: number(pair?.bytesReceived) ?? 0,
    bytesOut: number(pair?.bytesSent) ?? 0,
    streams,
  };
}

/** The way of each pair of candidates that works, and its round trip in milliseconds. */
export function working(report: StatsReport): { way: Way; roundTrip: number | null }[] {
  const stats = rows(report);
  const pairs = [...stats.values()].filter(({ type, state }) => type === "candidate-pair" && state === "succeeded");
  return pairs.map((pair) => {
    const seconds = number(pair.currentRoundTripTime);
    return { way: pathOf(pair, stats, "region").way, roundTrip: seconds === null ? null : seconds * 1_000 };
  });
}

/** What happened from `before` to `now`; null for samples of different connections, or of one moment. */
export function figures(before: Sample, now: Sample): Figures | null {
  const seconds = (now.at - before.at) / 1_000;
  if (seconds <= 0 || now.bytesIn < before.bytesIn || now.bytesOut < before.bytesOut) return null;
  const sums = { in: { packets: 0, lost: 0, told: false }, out: { packets: 0, lost: 0, told: false } };
  const flows: Record<"in" | "out", Flow[]> = { in: [], out: [] };
  const layered = new Map<string, Flow>();
  for (const [id, stream] of now.streams) {
    const was = before.streams.get(id);
    const since = (member: "packets" | "bytes" | "frames") => Math.max(0, stream[member] - (was?.[member] ?? 0));
    const packets = since("packets");
    const sum = sums[stream.direction];
    sum.packets += packets;
    if (stream.lost !== null) {
      sum.told = true;
      // Late packets are counted as lost first and taken back afterwards (RFC 3550 §6.4.1).
      sum.lost += Math.max(0, stream.lost - (was?.lost ?? 0));
    }
    // Padding that looks for room is sent on tracks that carry no picture yet.
    const isBlank = stream.kind === "video" && stream.frames === 0;
    if (packets === 0 || isBlank) continue;
    const { kind, track, codec, width, height, limit } = stream;
    const flow: Flow = {
      ...{ kind, track, codec, width, height, limit },
      rate: (since("bytes") * 8) / seconds,
      pictures: since("frames") / seconds,
    };
    const whole = stream.section === null ? undefined : layered.get(stream.section);
    if (whole) merge(whole, flow);
    else flows[stream.direction].push(flow);
    if (!whole && stream.section !== null) layered.set(stream.section, flow);
  }
  return {
    path: now.path,
    roundTrip: now.roundTrip,
    lossIn: share(sums.in, sums.in.packets + sums.in.lost),
    lossOut: share(sums.out, sums.out.packets),
    rateIn: ((now.bytesIn - before.bytesIn) * 8) / seconds,
    rateOut: ((now.bytesOut - before.bytesOut) * 8) / seconds,
    room: now.room,
    sent: flows.out,
    received: flows.in,
  };
}

/** Adds a layer: the highest that flows tells the picture, and all of them the rate. */
function merge(whole: Flow, layer: Flow): void {
  const rate = whole.rate + layer.rate;
  const isHigher = layer.pictures > 0 && ((layer.height ?? 0) > (whole.height ?? 0) || whole.pictures === 0);
  Object.assign(whole, isHigher ? layer : {}, { rate });
}

export type Quality = "good" | "fair" | "poor";
/** What makes it less than good. */
export type Complaint = "loss_out" | "loss_in" | "delay" | "room";

/** From these on a call is less than good, or poor: shares of packets, and milliseconds. */
const LOSS = { fair: 0.03, poor: 0.1 };
const DELAY_MS = { fair: 250, poor: 500 };
/** bps; less does not carry a picture beside the sound. */
const ROOM_BPS = 150_000;

/** How good a connection is, and the first reason why it is not better. */
export function judge({ lossIn, lossOut, roundTrip, room, sent }: Figures): { quality: Quality; why: Complaint | null } {
  const showing = sent.some(({ kind }) => kind === "video");
  const complaints: [Complaint, number, { fair: number; poor: number }][] = [
    ["loss_out", lossOut ?? 0, LOSS],
    ["loss_in", lossIn ?? 0, LOSS],
    ["delay", roundTrip ?? 0, DELAY_MS],
  ];
  for (const quality of ["poor", "fair"] as const) {
    const found = complaints.find(([, value, limits]) => value >= limits[quality]);
    if (found) return { quality, why: found[0] };
    if (quality === "fair" && showing && room !== null && room < ROOM_BPS) return { quality, why: "room" };
  }
  return { quality: "good", why: null };
}

/** The pair in use. Firefox names it on the pair, the others on the transport. */
function selectedPair(stats: ReadonlyMap<string, Stat>): Stat | null {
  for (const stat of stats.values()) {
    const id = stat.type === "transport" ? text(stat.selectedCandidatePairId) : null;
    const pair = id === null ? undefined : stats.get(id);
    if (pair) return pair;
  }
  for (const stat of stats.values()) if (stat.type === "candidate-pair" && stat.selected === true) return stat;
  return null;
}

function pathOf(pair: Stat, stats: ReadonlyMap<string, Stat>, carrier: Carrier): Path {
  const own = stats.get(text(pair.localCandidateId) ?? "");
  const local = candidate(own);
  const remote = candidate(stats.get(text(pair.remoteCandidateId) ?? ""));
  // Where another address of the relay is seen than it told, only the protocol to it tells that there is one.
  const relayed = local.type === "relay" || text(own?.relayProtocol) !== null;
  return { local, remote, way: relayed ? relayWay(local.protocol) : carrier === "direct" ? "direct" : direct(local) };
}

function direct({ protocol }: Candidate): Way {
  return protocol === "tcp" ? "tcp" : "udp";
}

function relayWay(protocol: string | null): Way {
  return protocol === "tls" ? "relay_tls" : protocol === "tcp" ? "relay_tcp" : "relay_udp";
}

function rows(report: StatsReport): ReadonlyMap<string, Stat> {
  return new Map([...report].map(([id, stat]) => [id, stat as Stat]));
}

function candidate(stat: Stat | undefined): Candidate {
  return {
    type: CANDIDATE_TYPES.find((type) => type === stat?.candidateType) ?? null,
    protocol: text(stat?.relayProtocol) ?? text(stat?.protocol),
    address: text(stat?.address) ?? text(stat?.ip),
    port: number(stat?.port),
  };
}

const NO_CANDIDATE: Candidate = { type: null, protocol: null, address: null, port: null };
const WEBSOCKET: Path = { local: NO_CANDIDATE, remote: NO_CANDIDATE, way: "websocket" };

const CANDIDATE_TYPES: readonly CandidateType[] = ["host", "srflx", "prflx", "relay"];

function streamOf(stat: Stat, stats: ReadonlyMap<string, Stat>): Stream | null {
  const kind = stat.kind === "audio" || stat.kind === "video" ? stat.kind : null;
  if (kind === null || (stat.type !== "inbound-rtp" && stat.type !== "outbound-rtp")) return null;
  const out = stat.type === "outbound-rtp";
  const source = out ? stats.get(text(stat.mediaSourceId) ?? "") : stat;
  const far = out ? [...stats.values()].find((one) => one.type === "remote-inbound-rtp" && one.localId === stat.id) : stat;
  const limit = text(stat.qualityLimitationReason);
  return {
    direction: out ? "out" : "in",
    kind,
    track: text(source?.trackIdentifier),
    section: out && kind === "video" ? (text(stat.mid) ?? text(stat.mediaSourceId)) : null,
    codec: text(stats.get(text(stat.codecId) ?? "")?.mimeType)?.replace(/^.*\//, "") ?? null,
    packets: number(out ? stat.packetsSent : stat.packetsReceived) ?? 0,
    lost: number(far?.packetsLost),
    bytes: number(out ? stat.bytesSent : stat.bytesReceived) ?? 0,
    frames: number(out ? stat.framesEncoded : stat.framesDecoded) ?? 0,
    width: number(stat.frameWidth),
    height: number(stat.frameHeight),
    limit: limit === "none" ? null : limit,
  };
}

function share({ lost, told }: { lost: number; told: boolean }, all: number): number | null {
  return told && all > 0 ? Math.min(1, lost / all) : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
