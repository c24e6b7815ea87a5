/** Hands the samples of a track to the worker that encodes them, 20 ms at a time. */
declare const registerProcessor: (name: string, processor: new () => object) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

const SAMPLES = 960;

class Capture extends AudioWorkletProcessor {
  #worker: MessagePort | null = null;
  #samples = new Float32Array(SAMPLES);
  #filled = 0;
  #over = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<MessagePort | null>) => {
      this.#worker = data;
      this.#over = data === null;
    };
  }

  process([input]: Float32Array[][]): boolean {
    const [left, right] = input ?? [];
    const length = left?.length ?? 128;
    for (let place = 0; place < length; place += 1) {
      const one = left?.[place] ?? 0;
      this.#samples[this.#filled] = right ? (one + (right[place] ?? 0)) / 2 : one;
      this.#filled += 1;
      if (this.#filled === SAMPLES) this.#hand();
    }
    return !this.#over;
  }

  #hand(): void {
    const whole = this.#samples;
    this.#samples = new Float32Array(SAMPLES);
    this.#filled = 0;
    this.#worker?.postMessage(whole, [whole.buffer]);
  }
}

registerProcessor("capture", Capture);
