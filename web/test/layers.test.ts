import { describe, expect, test } from "vitest";
import { startingAt } from "../src/media/codecs";
import { cameraLayers, demanded } from "../src/media/layers";
import type { Demand } from "../src/protocol";

const scales = (pixels: number | null, encodings?: number) =>
  cameraLayers(pixels, encodings).flatMap(({ active, scaleDownBy }) => (active ? [scaleDownBy] : []));

describe("the layers of a camera", () => {
  test.each([
    [1280 * 720, [4, 2, 1]],
    [720 * 1280, [4, 2, 1]],
    [null, [4, 2, 1]],
    [640 * 480, [2, 1]],
    [320 * 240, [1]],
  ])("of %j pixels are divided by %j", (pixels, expected) => {
    expect(scales(pixels)).toEqual(expected);
  });
  test("cost more the sharper they are", () => {
    for (const pixels of [1280 * 720, 640 * 480]) {
      const rates = cameraLayers(pixels).flatMap(({ active, maxBitrate }) => (active ? [maxBitrate] : []));
      expect(rates).toEqual([...rates].sort((a, b) => a - b));
    }
  });
  test("are the whole picture where only one is taken", () => {
    expect(scales(1280 * 720, 1)).toEqual([1]);
    expect(scales(320 * 240, 1)).toEqual([1]);
  });
});

describe("what is demanded", () => {
  const active = (demand: Demand | null, pixels: number | null = null) =>
    demanded(cameraLayers(pixels), ["q", "h", "f"], demand).map((layer) => layer.active);

  test("is everything until something is said", () => {
    expect(active(null)).toEqual([true, true, true]);
  });
  test("is the layers that are named", () => {
    expect(active({ source: "camera", wanted: true, layers: ["q", "f"] })).toEqual([true, false, true]);
    expect(active({ source: "camera", wanted: false })).toEqual([false, false, false]);
  });
  test("does not switch on what the camera is too small for", () => {
    expect(active({ source: "camera", wanted: true, layers: ["q", "f"] }, 640 * 480)).toEqual([true, false, false]);
  });
  test("of one encoding is all of it", () => {
    const one = (wanted: boolean) => demanded(cameraLayers(null, 1), [undefined], { source: "camera", wanted });
    expect([one(true)[0]?.active, one(false)[0]?.active]).toEqual([true, false]);
  });
});

test("an answer says at which rate Chromium begins", () => {
  const answer = "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\n";
  expect(startingAt(answer, 1_000)).toBe(
    answer.replace("VP8/90000\r\n", "VP8/90000\r\na=fmtp:96 x-google-start-bitrate=1000\r\n"),
  );
  expect(startingAt("m=audio 9\r\na=rtpmap:111 opus/48000/2\r\n", 1_000)).not.toContain("x-google");
});
