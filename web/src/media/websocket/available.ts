/** Whether this browser can send and receive media this way. */
export async function isAvailable(): Promise<boolean> {
  const needed = ["VideoEncoder", "VideoDecoder", "AudioEncoder", "AudioDecoder", "AudioWorkletNode", "Worker"];
  if (!needed.every((name) => name in globalThis)) return false;
  const sound = { codec: "opus", sampleRate: 48_000, numberOfChannels: 1 };
  const answers = await Promise.all([
    VideoEncoder.isConfigSupported({ codec: "vp8", width: 640, height: 360 }),
    VideoDecoder.isConfigSupported({ codec: "vp8" }),
    AudioEncoder.isConfigSupported(sound),
    AudioDecoder.isConfigSupported(sound),
  ]).catch(() => []);
  return answers.length > 0 && answers.every(({ supported }) => supported);
}
