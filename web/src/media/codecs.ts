/**
 * Which codecs are offered, and which of them a picture is sent in.
 *
 * One profile of each is offered, the one that everybody has, because an offer with all of them is twice
 * as long and takes Chromium three times as long to make. VP8 comes first: every picture begins in
 * it. The region says what everybody who sees a picture can decode; which of that is sent is decided
 * here, by what the device does well.
 */
import type { VideoCodec } from "../protocol";

type Codec = Pick<RTCRtpCodec, "mimeType"> & { sdpFmtpLine?: string };

const AUDIO = ["audio/opus", "audio/red"];
const VIDEO = ["video/vp8", "video/vp9", "video/av1", "video/h264", "video/rtx"];
/** Profiles besides the one that everybody has. */
const OTHER_PROFILES: Record<string, RegExp> = {
  "video/vp9": /profile-id=[1-9]/i,
  "video/av1": /profile=[1-9]/i,
  // Constrained baseline, with units in as many packets as they need (RFC 7742 §6.2).
  "video/h264": /^(?!.*packetization-mode=1)|^(?!.*profile-level-id=42e0)/i,
};
/** Extensions of packets that a region takes no notice of: a third of a long offer. */
const UNUSED =
  /^a=extmap:\d+ \S*(toffset|playout-delay|video-content-type|video-timing|color-space|dependency-descriptor-rtp-header-extension|video-layers-allocation00)\r?\n/gm;

/** Those of `available` to offer, in order of preference; all of them when none is known. */
export function preferred<Available extends Codec>(
  kind: "audio" | "video",
  available: readonly Available[],
): Available[] {
  const wanted = kind === "audio" ? AUDIO : VIDEO;
  const chosen = wanted.flatMap((type) =>
    available.filter(
      ({ mimeType, sdpFmtpLine }) => mimeType.toLowerCase() === type && !OTHER_PROFILES[type]?.test(sdpFmtpLine ?? ""),
    ),
  );
  const repairsOnly = chosen.every((codec) => /\/(rtx|red)$/i.test(codec.mimeType));
  return repairsOnly ? [...available] : chosen;
}

/**
 * For an offer that no region answers: sound with what came before it repeated (RFC 2198), which the first
 * codec in an answer decides.
 */
export function redundant<Available extends Codec>(codecs: readonly Available[]): Available[] {
  const isRedundant = ({ mimeType }: Codec) => mimeType.toLowerCase() === "audio/red";
  return [...codecs.filter(isRedundant), ...codecs.filter((codec) => !isRedundant(codec))];
}

/** The offer without what only makes it longer. */
export function shortened(sdp: string): string {
  return sdp.replace(UNUSED, "");
}

/** What is to be encoded, and for what. */
export interface Task {
  source: "camera" | "screen";
  width: number;
  height: number;
  framerate: number;
  bitrate: number;
}

/** A device with fewer cores shares a screen in VP8. */
const CORES_FOR_SCREENS = 4;

/**
 * The codec to encode in, of those that everybody can decode, lightest first.
 *
 * The better ones cost more of the processor. A screen is worth that: it is one encoding, and they are
 * made for text and still pictures. A camera is three encodings at thirty pictures a second,
 * so it is sent in them only where the device has hardware for that.
 */
export async function chosen(
  { source, ...picture }: Task,
  codecs: readonly VideoCodec[],
  device: Pick<Navigator, "mediaCapabilities" | "hardwareConcurrency"> = navigator,
): Promise<VideoCodec | undefined> {
  const isScreen = source === "screen";
  if (!isScreen || device.hardwareConcurrency >= CORES_FOR_SCREENS) {
    for (const codec of ["av1", "vp9"] as const) {
      if (!codecs.includes(codec)) continue;
      const video = { contentType: `video/${codec}`, ...picture, ...(!isScreen && { scalabilityMode: "L1T3" }) };
      const asked = device.mediaCapabilities?.encodingInfo({ type: "webrtc", video });
      const { supported, smooth, powerEfficient } = (await asked?.catch(() => undefined)) ?? {};
      if (supported && smooth && (isScreen || powerEfficient)) return codec;
    }
  }
  return codecs[0];
}

/** The answer with the rate at which Chromium begins to send pictures, in kbps; others pass over it. */
export function startingAt(sdp: string, kbps: number): string {
  return sdp.replace(
    /^a=rtpmap:(\d+) VP8\/90000\r?\n/gim,
    (line, type: string) => `${line}a=fmtp:${type} x-google-start-bitrate=${kbps}\r\n`,
  );
}
