import { expect, test } from "vitest";
import { chosen, preferred, redundant, shortened, type Task } from "../src/media/codecs";
import type { VideoCodec } from "../src/protocol";

const codec = (mimeType: string, sdpFmtpLine = "") => ({ mimeType, sdpFmtpLine });

test("one profile of each codec is offered, VP8 first", () => {
  const baseline = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";
  const all = [
    codec("video/H264", baseline.replace("42e01f", "42001f")),
    codec("video/H264", baseline.replace("mode=1", "mode=0")),
    codec("video/H264", baseline),
    codec("video/AV1", "level-idx=5;profile=0;tier=0"),
    codec("video/AV1", "level-idx=5;profile=1;tier=0"),
    codec("video/VP9", "profile-id=0"),
    codec("video/VP9", "profile-id=2"),
    codec("video/VP8"),
    codec("video/rtx"),
    codec("video/ulpfec"),
  ];
  expect(preferred("video", all)).toEqual([all[7], all[5], all[3], all[2], all[8]]);
  expect(preferred("video", [codec("video/AV1"), codec("video/VP9")])).toHaveLength(2);
  const audio = ["audio/PCMU", "audio/red", "audio/opus", "audio/CN"].map((mimeType) => codec(mimeType));
  expect(preferred("audio", audio)).toEqual([audio[2], audio[1]]);
  const unknown = [codec("video/H266"), codec("video/rtx")];
  expect(preferred("video", unknown), "better than nothing").toEqual(unknown);
});

test("what a region takes no notice of is not sent to it", () => {
  const kept = "m=video 9 X 96\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=rtpmap:96 VP8/90000\r\n";
  const unused = [
    "urn:ietf:params:rtp-hdrext:toffset",
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
  ];
  const lines = unused.map((uri, id) => `a=extmap:${id + 5} ${uri}\r\n`).join("");
  expect(shortened(lines + kept + lines)).toBe(kept);
});

type Able = Partial<Record<VideoCodec, { smooth?: boolean; powerEfficient?: boolean }>>;

function choose(source: Task["source"], codecs: VideoCodec[], able: Able, hardwareConcurrency = 8) {
  const task = { source, width: 1280, height: 720, framerate: 30, bitrate: 1_500_000 };
  const encodingInfo = async ({ video }: MediaEncodingConfiguration) => {
    const found = able[video?.contentType.replace("video/", "") as VideoCodec];
    if (!found) throw new TypeError("not known");
    return { supported: true, smooth: true, powerEfficient: false, ...found };
  };
  return chosen(task, codecs, { hardwareConcurrency, mediaCapabilities: { encodingInfo } as MediaCapabilities });
}

test("a screen is sent in the best that the device encodes smoothly", async () => {
  const all: VideoCodec[] = ["vp8", "h264", "vp9", "av1"];
  expect(await choose("screen", all, { av1: {}, vp9: {} })).toBe("av1");
  expect(await choose("screen", all, { av1: { smooth: false }, vp9: {} })).toBe("vp9");
  expect(await choose("screen", all, {})).toBe("vp8");
  expect(await choose("screen", ["vp8", "vp9"], { av1: {}, vp9: {} })).toBe("vp9");
  expect(await choose("screen", all, { av1: {} }, 2), "few cores").toBe("vp8");
});

test("a camera is sent in a better codec only where the hardware has it", async () => {
  expect(await choose("camera", ["vp8", "vp9", "av1"], { av1: {}, vp9: { powerEfficient: true } }, 2)).toBe("vp9");
  expect(await choose("camera", ["vp8", "vp9", "av1"], { av1: {}, vp9: {} })).toBe("vp8");
  expect(await choose("camera", ["h264"], {}), "the only one that somebody has").toBe("h264");
});

test("sound is asked for with redundancy where there is some", () => {
  const all = preferred("audio", [codec("audio/opus"), codec("audio/PCMU"), codec("audio/red")]);
  expect(redundant(all)).toEqual([codec("audio/red"), codec("audio/opus")]);
  expect(redundant([codec("audio/opus")])).toEqual([codec("audio/opus")]);
});
