/** A short, friendly sound to test a loudspeaker with, made on the spot. */

const RATE = 24_000;
const NOTES = [523.25, 659.25, 783.99];
const NOTE_SECONDS = 0.18;
const RELEASE_SECONDS = 0.5;

/** Plays it on `speaker` (empty: the default), and resolves when it was heard. */
export async function playChime(speaker: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([wave(samples())], { type: "audio/wav" }));
  const audio = new Audio(url);
  try {
    await routeTo(audio, speaker);
    await audio.play();
    await new Promise((resolve) => {
      audio.onended = resolve;
      audio.onerror = resolve;
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Sends an element's sound to a loudspeaker, where the browser can. */
export async function routeTo(audio: HTMLAudioElement, speaker: string): Promise<void> {
  if (!("setSinkId" in audio) || audio.sinkId === speaker) return;
  try {
    await audio.setSinkId(speaker);
  } catch {
    // Unplugged since it was chosen: the default one sounds instead.
  }
}

export const canRoute = typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;

function samples(): Int16Array {
  const seconds = NOTES.length * NOTE_SECONDS + RELEASE_SECONDS;
  const sound = new Int16Array(Math.round(seconds * RATE));
  for (let index = 0; index < sound.length; index += 1) {
    const time = index / RATE;
    let value = 0;
    NOTES.forEach((frequency, place) => {
      const since = time - place * NOTE_SECONDS;
      if (since < 0) return;
      const envelope = Math.min(1, since * 200) * Math.exp(-since * 7);
      value += Math.sin(2 * Math.PI * frequency * since) * envelope;
    });
    sound[index] = Math.round(Math.max(-1, Math.min(1, value * 0.3)) * 32_767);
  }
  return sound;
}

/** RIFF WAVE, 16-bit mono PCM. */
function wave(sound: Int16Array): ArrayBuffer {
  const buffer = new ArrayBuffer(44 + sound.length * 2);
  const view = new DataView(buffer);
  const text = (at: number, value: string) => {
    for (let index = 0; index < value.length; index += 1) view.setUint8(at + index, value.charCodeAt(index));
  };
  text(0, "RIFF");
  view.setUint32(4, 36 + sound.length * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, sound.length * 2, true);
  sound.forEach((sample, index) => view.setInt16(44 + index * 2, sample, true));
  return buffer;
}
