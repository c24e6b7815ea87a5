/** How loud a microphone is, for a meter: 0 (silence) to 1 (as loud as it gets). */

const FLOOR_DB = -60;

/** Calls `report` about fifteen times a second until the returned function is called. */
export function watchLevel(track: MediaStreamTrack, report: (level: number) => void): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    report(track.enabled ? loudness(samples) : 0);
  }, 66);
  // Before the first gesture on the page a browser may keep the context asleep.
  const resume = () => void context.resume();
  for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, resume);
  return () => {
    clearInterval(timer);
    for (const gesture of ["pointerdown", "keydown"]) removeEventListener(gesture, resume);
    void context.close();
  };
}

/** Root mean square on a decibel scale, as the ear hears it. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 - decibels / FLOOR_DB));
}
