// What people really see and hear: how long a picture stood still and how long a voice did not sound,
// measured where it is shown and played.

/** The voice of everybody whose gaps are measured, and of whoever else comes, in Hz. */
export const MEASURED = 440;
export const ANOTHER = 2_000;
/** The meter is a worklet, which the page's policy does not let in. */
export const METERED = { bypassCSP: true };

/** Runs in the page before anything else: the own voice is a tone without a pause, and what is played is noted. */
export function meter({ voice, measured }) {
  const { mediaDevices } = navigator;
  const original = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await original(constraints);
    for (const track of stream.getAudioTracks()) {
      const context = new AudioContext();
      const tone = new OscillatorNode(context, { frequency: voice });
      const out = context.createMediaStreamDestination();
      tone.connect(new GainNode(context, { gain: 0.3 })).connect(out);
      tone.start();
      const [sound] = out.stream.getAudioTracks();
      sound.getSettings = () => track.getSettings();
      stream.removeTrack(track);
      stream.addTrack(sound);
    }
    return stream;
  };

  const meter = { video: {}, audio: { longest: 0, sounds: false } };
  window.meter = meter;
  // How loud the tone is (Goertzel), in windows of 256 samples: others' tones are far enough away.
  const processor = `registerProcessor('silence', class extends AudioWorkletProcessor {
    #turn = (2 * Math.PI * ${measured}) / sampleRate;
    #phase = 0;
    #sums = [0, 0];
    #still = 0;
    #longest = 0;
    #blocks = 0;
    constructor() {
      super();
      this.port.onmessage = () => { this.#longest = this.#still = 0; };
    }
    process([[samples = new Float32Array(128)]]) {
      for (const sample of samples) {
        this.#sums[0] += sample * Math.cos(this.#phase);
        this.#sums[1] += sample * Math.sin(this.#phase);
        this.#phase += this.#turn;
      }
      this.#blocks += 1;
      if (this.#blocks % 2 === 0) {
        const loudness = (2 * Math.hypot(...this.#sums)) / 256;
        this.#sums = [0, 0];
        this.#still = loudness < 0.03 ? this.#still + 256 : 0;
        this.#longest = Math.max(this.#longest, this.#still);
      }
      if (this.#blocks % 8 === 0) this.port.postMessage({ longest: (this.#longest * 1000) / sampleRate, sounds: this.#still < sampleRate / 10 });
      return true;
    }
  });`;
  let ready;
  const listen = (audio, stream) => {
    ready ??= (async () => {
      const context = new AudioContext();
      await context.audioWorklet.addModule(URL.createObjectURL(new Blob([processor], { type: 'text/javascript' })));
      const node = new AudioWorkletNode(context, 'silence');
      node.connect(context.destination);
      node.port.onmessage = ({ data }) => Object.assign(meter.audio, data);
      meter.reset = () => node.port.postMessage('reset');
      return { context, node };
    })();
    void ready.then(({ context, node }) => {
      audio.listened?.disconnect();
      audio.listened = stream && context.createMediaStreamSource(stream);
      audio.listened?.connect(node);
    });
  };
  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...source,
    set(stream) {
      source.set.call(this, stream);
      if (this instanceof HTMLAudioElement) listen(this, stream);
    },
  });

  const watched = new WeakSet();
  setInterval(() => {
    for (const tile of document.querySelectorAll('[role=group][data-participant]')) {
      const video = tile.querySelector('video');
      if (!video || watched.has(video)) continue;
      watched.add(video);
      const id = tile.dataset.participant;
      const shown = () => {
        const now = performance.now();
        const row = (meter.video[id] ??= { longest: 0, at: now });
        row.longest = Math.max(row.longest, now - row.at);
        row.at = now;
        video.requestVideoFrameCallback(shown);
      };
      video.requestVideoFrameCallback(shown);
    }
  }, 20);
}

/** From now on. */
export async function watchPlayed({ page }) {
  await page.evaluate(() => {
    window.meter.reset?.();
    for (const id of Object.keys(window.meter.video)) window.meter.video[id] = { longest: 0, at: performance.now() };
  });
}

/** For how long at most no picture of `from` came and the measured voice did not sound, in milliseconds. */
export async function longestStill(person, from) {
  const id = await person.tile(from).getAttribute('data-participant');
  return person.page.evaluate((whose) => {
    const { video, audio } = window.meter;
    const row = video[whose];
    return { video: Math.round(Math.max(row.longest, performance.now() - row.at)), audio: Math.round(audio.longest) };
  }, id);
}

/** Whether the measured voice sounds now. */
export const sounds = ({ page }) => page.evaluate(() => window.meter.audio.sounds);
