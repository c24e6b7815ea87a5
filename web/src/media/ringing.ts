/** The sound of an incoming call, made on the spot. Silent until the person has used the page. */

/** Hertz of the two voices of a ring. */
const VOICES = [587.33, 880];
/** Seconds from one ring to the next. */
const EVERY = 3;
/** Seconds after which each of a ring's strokes begins. */
const STROKES = [0, 0.32];
const STROKE = 0.26;
const LOUDNESS = 0.09;

/** Rings until what it gives back is called. */
export function startRinging(): () => void {
  // A page that was never touched may not sound, and browsers say so in the console each time.
  if (typeof AudioContext === "undefined" || navigator.userActivation?.hasBeenActive === false) return () => undefined;
  const context = new AudioContext();
  const ring = () => {
    if (context.state === "running") strike(context);
  };
  void context.resume().then(ring, () => undefined);
  const timer = setInterval(ring, EVERY * 1_000);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

function strike(context: AudioContext): void {
  for (const stroke of STROKES) {
    const from = context.currentTime + 0.02 + stroke;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(LOUDNESS, from + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, from + STROKE);
    gain.connect(context.destination);
    for (const frequency of VOICES) {
      const voice = context.createOscillator();
      voice.frequency.value = frequency;
      voice.connect(gain);
      voice.start(from);
      voice.stop(from + STROKE);
    }
  }
}
