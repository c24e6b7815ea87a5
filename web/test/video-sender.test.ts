import { expect, test } from "vitest";
import { cameraLayers } from "../src/media/layers";
import { VideoSender } from "../src/media/video-sender";
import type { Rid, VideoCodec } from "../src/protocol";

/** A sender that takes one change at a time, as browsers do. */
class FakeSender {
  encodings: RTCRtpEncodingParameters[] = ["q", "h", "f"].map((rid) => ({ rid, active: true }));
  readonly codecs = ["VP8", "VP9", "AV1"];
  readonly taken: boolean[][] = [];
  finish: ((refuse?: boolean) => void) | null = null;
  track: MediaStreamTrack | null = null;

  getParameters(): RTCRtpSendParameters {
    const codecs = this.codecs.map((name) => ({ mimeType: `video/${name}`, clockRate: 90_000 }));
    return { codecs, encodings: this.encodings.map((one) => ({ ...one })) } as RTCRtpSendParameters;
  }
  setParameters({ encodings }: RTCRtpSendParameters): Promise<void> {
    expect(this.finish).toBeNull();
    return new Promise((resolve, reject) => {
      this.finish = (refuse = false) => {
        this.finish = null;
        if (refuse) return reject(new Error("InvalidModificationError"));
        this.encodings = encodings;
        this.taken.push(encodings.map(({ active }) => active ?? true));
        resolve();
      };
    });
  }
  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.track = track;
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

function begin() {
  const sender = new FakeSender();
  const pictures = new VideoSender(
    sender,
    (track, encodings) => ({ layers: cameraLayers(track ? Number(track.id) : null, encodings) }),
    async (_, codecs) => codecs.at(-1),
  );
  const allow = async (...codecs: VideoCodec[]) => {
    pictures.demand({ source: "camera", wanted: true, layers: ["q", "h", "f"], codecs });
    await settle();
  };
  const want = (...layers: Rid[]) => pictures.demand({ source: "camera", wanted: layers.length > 0, layers });
  const encoded = () => sender.encodings.map((one) => (one as { codec?: RTCRtpCodec }).codec?.mimeType);
  return { sender, pictures, want, allow, encoded };
}

test("changes are made one after another, and of those that wait the last counts", async () => {
  const { sender, want } = begin();
  want("q");
  want("h");
  want();
  want("q", "f");
  for (let change = 0; change < 2; change += 1) {
    sender.finish?.();
    await settle();
  }
  expect(sender.finish).toBeNull();
  expect(sender.taken).toEqual([
    [true, false, false],
    [true, false, true],
  ]);
});

test("what is so already is not changed again", async () => {
  const { sender, want } = begin();
  want("q");
  sender.finish?.();
  await settle();
  want("q");
  expect(sender.finish).toBeNull();
});

test("a refused change is tried again", async () => {
  const { sender, want } = begin();
  want("q");
  sender.finish?.(true);
  await settle();
  sender.finish?.();
  await settle();
  expect(sender.taken).toEqual([[true, false, false]]);
});

test("another camera keeps what is demanded", async () => {
  const { sender, pictures, want } = begin();
  want("q", "h");
  sender.finish?.();
  await settle();
  pictures.publish({ id: String(640 * 480) } as MediaStreamTrack);
  sender.finish?.();
  await settle();
  expect(sender.encodings).toMatchObject([
    { active: true, scaleResolutionDownBy: 2 },
    { active: true, scaleResolutionDownBy: 1 },
    { active: false },
  ]);
  pictures.publish({ id: String(1280 * 720) } as MediaStreamTrack);
  sender.finish?.();
  await settle();
  expect(sender.encodings.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual([4, 2, 1]);
  expect(sender.taken.at(-1)).toEqual([true, true, false]);
});

test("all layers turn to another codec, and back to what a picture began in", async () => {
  const { sender, allow, encoded } = begin();
  await allow("vp8");
  sender.finish?.();
  await settle();
  expect(encoded()).toEqual([undefined, undefined, undefined]);
  await allow("vp8", "av1");
  sender.finish?.();
  await settle();
  expect(encoded()).toEqual(["video/AV1", "video/AV1", "video/AV1"]);
  await allow("vp8", "av1");
  expect(sender.finish, "it is so already").toBeNull();
  await allow("vp8");
  sender.finish?.();
  await settle();
  expect(encoded()).toEqual(["video/VP8", "video/VP8", "video/VP8"]);
});

test("a codec that the browser refuses is left out, and what else is demanded is done", async () => {
  const { sender, pictures, allow, encoded } = begin();
  pictures.demand({ source: "camera", wanted: true, layers: ["q"], codecs: ["vp8", "vp9", "av1"] });
  await settle();
  sender.finish?.(true);
  await settle();
  sender.finish?.();
  await settle();
  expect(encoded()).toEqual(["video/VP9", "video/VP9", "video/VP9"]);
  expect(sender.taken).toEqual([[true, false, false]]);
  await allow("vp8", "av1");
  sender.finish?.();
  await settle();
  expect(encoded()).toEqual(["video/VP8", "video/VP8", "video/VP8"]);
});
