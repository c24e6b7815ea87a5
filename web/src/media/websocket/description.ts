/**
 * What is offered and answered where media goes over a WebSocket: a session description (RFC 8866) whose
 * sections say `TCP/WSS`. The answer says where it is reached (RFC 8124), and the ticket for it.
 */
import type { MediaOffer, Source } from "../../protocol";

/** The sections that are sent, in their order. */
export const SENT: readonly Source[] = ["microphone", "camera", "screen", "screen_audio"];

export interface Sections {
  audio: readonly number[];
  video: readonly number[];
}

export function sectionOf(source: Source): number {
  return SENT.indexOf(source);
}

export function isSound(source: Source): boolean {
  return source === "microphone" || source === "screen_audio";
}

export function describe(audioSlots: number, videoSlots: number): { offer: MediaOffer; sections: Sections } {
  const lines = ["v=0", "o=- 0 0 IN IP4 0.0.0.0", "s=-", "t=0 0"];
  let next = 0;
  const add = (kind: "audio" | "video", direction: "sendonly" | "recvonly") => {
    lines.push(`m=${kind} 9 TCP/WSS ${kind === "audio" ? "opus" : "vp8"}`, `a=mid:${next}`, `a=${direction}`);
    next += 1;
    return next - 1;
  };
  const tracks = SENT.map((source) => ({ mid: String(add(isSound(source) ? "audio" : "video", "sendonly")), source }));
  const sections = {
    audio: Array.from({ length: audioSlots }, () => add("audio", "recvonly")),
    video: Array.from({ length: videoSlots }, () => add("video", "recvonly")),
  };
  lines.push("m=application 9 TCP/WSS json", `a=mid:${next}`);
  return { offer: { sdp: `${lines.join("\r\n")}\r\n`, tracks }, sections };
}

/** Where to connect, and with what; throws when the answer does not say. */
export function reachedAt(answer: string): { url: string; ticket: string } {
  const url = /^a=wss?-uri:(wss?:\/\/\S+)\r?$/m.exec(answer)?.[1];
  const ticket = /^a=ticket:(\w+)\r?$/m.exec(answer)?.[1];
  if (!url || !ticket) throw new Error("the answer is not for a WebSocket");
  return { url, ticket };
}
