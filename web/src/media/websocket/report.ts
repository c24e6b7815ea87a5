/** What a WebSocket reports of itself, in the words of W3C webrtc-stats. */
import type { Source } from "../../protocol";
import { SENT, isSound } from "./description";
import type { Figures, SectionFigures } from "./messages";

export function report(
  { sent, received, roundTrip, rate, bytesIn, bytesOut }: Figures,
  trackOf: (section: number) => MediaStreamTrack | null,
  sentOf: (source: Source) => MediaStreamTrack | null,
): RTCStatsReport {
  const rows: Record<string, unknown>[] = [
    { id: "local", type: "local-candidate", candidateType: "host", protocol: "websocket" },
    { id: "remote", type: "remote-candidate", candidateType: "host", protocol: "websocket" },
    {
      id: "pair",
      type: "candidate-pair",
      selected: true,
      state: "succeeded",
      localCandidateId: "local",
      remoteCandidateId: "remote",
      currentRoundTripTime: roundTrip === null ? undefined : roundTrip / 1_000,
      availableOutgoingBitrate: rate,
      bytesReceived: bytesIn,
      bytesSent: bytesOut,
    },
    { id: "transport", type: "transport", selectedCandidatePairId: "pair" },
    { id: "audio", type: "codec", mimeType: "audio/opus" },
    { id: "video", type: "codec", mimeType: "video/VP8" },
  ];
  for (const figures of received) {
    const track = trackOf(figures.section);
    if (!track || figures.packets === 0) continue;
    const kind = track.kind;
    rows.push({
      ...pictured(figures),
      id: `in-${figures.section}`,
      type: "inbound-rtp",
      kind,
      codecId: kind,
      mid: String(figures.section),
      trackIdentifier: track.id,
      packetsReceived: figures.packets,
      packetsLost: 0,
      bytesReceived: figures.bytes,
      framesDecoded: kind === "video" ? figures.frames : undefined,
      totalSamplesReceived: figures.samples,
      concealedSamples: figures.concealed,
      totalAudioEnergy: figures.energy,
    });
  }
  for (const figures of sent) {
    const source = SENT[figures.section];
    const track = source && sentOf(source);
    if (!track) continue;
    const kind = isSound(source) ? "audio" : "video";
    rows.push(
      { id: `source-${source}`, type: "media-source", kind, trackIdentifier: track.id },
      {
        ...pictured(figures),
        id: `out-${figures.section}`,
        type: "outbound-rtp",
        kind,
        codecId: kind,
        mid: String(figures.section),
        mediaSourceId: `source-${source}`,
        packetsSent: figures.packets,
        bytesSent: figures.bytes,
        framesEncoded: kind === "video" ? figures.frames : undefined,
      },
    );
  }
  return new Map(rows.map((row) => [String(row.id), row])) as RTCStatsReport;
}

function pictured({ width, height }: SectionFigures): Record<string, number> {
  return width > 0 ? { frameWidth: width, frameHeight: height } : {};
}
