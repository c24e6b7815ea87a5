/** Short, friendly sounds, made on the spot: one to test a loudspeaker with, and those of `sounds.ts`. */

const RATE = 24_000;

export interface Tune {
  /** Hz, one after another. */
  notes: readonly number[];
  /** Seconds from one note to the next, and from the last one to the end. */
  every: number;
  release: number;
  /** 0 to 1. */
  loudness: number;
}

const CHIME: Tune = { notes: [523.25, 659.25, 783.99], every: 0.18, release: 0.5, loudness: 0.3 };

/** Plays the test sound on `speaker` (empty: the default), and resolves when it was heard. */
export function playChime(speaker: string): Promise<void> {
  return playTune(CHIME, speaker);
}

/** Plays it on `speaker` (empty: the default), and resolves when it was heard. */
export async function playTune(tune: Tune, speaker: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([wave(samples(tune))], { type: "audio/wav" }));
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

/** What of it a loudspeaker plays, at `RATE`. */
export function samples({ notes, every, release, loudness }: Tune): Int16Array {
  const seconds = notes.length * every + release;
  const sound = new Int16Array(Math.round(seconds * RATE));
  for (let index = 0; index < sound.length; index += 1) {
    const time = index / RATE;
    let value = 0;
    notes.forEach((frequency, place) => {
      const since = time - place * every;
      if (since < 0) return;
      const envelope = Math.min(1, since * 200) * Math.exp(-since * 7);
      value += Math.sin(2 * Math.PI * frequency * since) * envelope;
    });
    sound[index] = Math.round(Math.max(-1, Math.min(1, value * loudness)) * 32_767);
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
