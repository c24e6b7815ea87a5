/**
 * Which codecs are offered: the fewest that everyone shares, because an offer with all of them is
 * twice as long and takes Chromium three times as long to make.
 */

type Codec = Pick<RTCRtpCodec, "mimeType"> & { sdpFmtpLine?: string };

const AUDIO = ["audio/opus", "audio/red"];
const VIDEO = ["video/vp8", "video/rtx"];

/** Those of `available` to offer, in order of preference; all of them when none is known. */
export function preferred<Available extends Codec>(
  kind: "audio" | "video",
  available: readonly Available[],
): Available[] {
  const wanted = kind === "audio" ? AUDIO : VIDEO;
  const chosen = wanted.flatMap((type) => available.filter((codec) => codec.mimeType.toLowerCase() === type));
  const repairsOnly = chosen.every((codec) => /\/(rtx|red)$/i.test(codec.mimeType));
  return repairsOnly ? [...available] : chosen;
}

/** The answer with the rate at which Chromium begins to send pictures, in kbps; others pass over it. */
export function startingAt(sdp: string, kbps: number): string {
  return sdp.replace(
    /^a=rtpmap:(\d+) VP8\/90000\r?\n/gim,
    (line, type: string) => `${line}a=fmtp:${type} x-google-start-bitrate=${kbps}\r\n`,
  );
}
