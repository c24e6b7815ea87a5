/**
 * How two browsers describe their direct connection: once each, whole, with the same sections in the same
 * order. What comes is from somebody else's browser.
 */
import type { ParticipantId } from "../protocol";
import { preferred, redundant } from "./codecs";
import { SECTIONS } from "./direct-sending";

/** Candidates that are found later are not used. */
const GATHERED_WITHIN_MS = 1_500;
/** A browser has fewer, with relays and many interfaces too; each is an address that checks are sent to. */
const CANDIDATES = 100;

/** What becomes of the sections, before anything is negotiated. */
type Take = (sections: readonly RTCRtpTransceiver[]) => void;

/** Of two, the one whose id is lower. */
export function offers(you: ParticipantId, other: ParticipantId): boolean {
  return you < other;
}

export async function offer(peer: RTCPeerConnection, take: Take): Promise<string> {
  const sections = SECTIONS.map(([, kind]) => {
    const section = peer.addTransceiver(kind, { direction: "sendrecv" });
    prefer(section, kind);
    return section;
  });
  take(sections);
  await peer.setLocalDescription(await peer.createOffer());
  return whole(peer);
}

/** Rejects for what is no offer of a page like this one. */
export async function answer(peer: RTCPeerConnection, theirs: string, take: Take): Promise<string> {
  await peer.setRemoteDescription({ type: "offer", sdp: checked(theirs) });
  const sections = peer.getTransceivers();
  for (const [place, section] of sections.entries()) {
    section.direction = "sendrecv";
    prefer(section, SECTIONS[place]?.[1] ?? "audio");
  }
  take(sections);
  await peer.setLocalDescription(await peer.createAnswer());
  return whole(peer);
}

/** Rejects for what is no answer of a page like this one. */
export async function accept(peer: RTCPeerConnection, theirs: string): Promise<void> {
  await peer.setRemoteDescription({ type: "answer", sdp: checked(theirs) });
}

/** Whether it has our sections and the one of the data channel (RFC 8841), and few candidates. */
export function fits(sdp: string): boolean {
  const kinds = [...sdp.matchAll(/^m=(\w+) /gm)].map(([, kind]) => kind);
  const candidates = sdp.match(/^a=candidate:/gm)?.length ?? 0;
  return kinds.join() === [...SECTIONS.map(([, kind]) => kind), "application"].join() && candidates <= CANDIDATES;
}

function prefer(section: RTCRtpTransceiver, kind: "audio" | "video"): void {
  const available = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  if (available.length > 0) section.setCodecPreferences?.(redundant(preferred(kind, available)));
}

/** Without what is said of payload types that a section does not list: Firefox leaves some there, Chromium takes none. */
export function coherent(sdp: string): string {
  const sections = sdp.split(/^(?=m=)/m).map((section) => {
    const listed = /^m=\S+ \S+ \S+ (.*)/.exec(section)?.[1]?.trim().split(" ") ?? [];
    const kept = (line: string, type: string) => (listed.includes(type) ? line : "");
    return section.replace(/^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) .*\r?\n/gm, kept);
  });
  return sections.join("");
}

function checked(sdp: string): string {
  if (!fits(sdp)) throw new Error("other sections than ours");
  return sdp;
}

/** With the candidates. */
async function whole(peer: RTCPeerConnection): Promise<string> {
  await gathered(peer);
  return coherent(peer.localDescription?.sdp ?? "");
}

function gathered(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHERED_WITHIN_MS);
    const look = () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve();
    };
    peer.addEventListener("icegatheringstatechange", look);
    look();
  });
}
