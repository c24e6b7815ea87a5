/** Plays the sound of one section, from the worker that decodes it. */
import type { Played } from "./messages";
import { Playout } from "./playout";

declare const registerProcessor: (name: string, processor: new () => object) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

/** Blocks of 128 samples between reports: about 100 ms. */
const REPORT_EVERY = 38;

class Player extends AudioWorkletProcessor {
  readonly #playout = new Playout();
  #worker: MessagePort | null = null;
  #blocks = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<MessagePort>) => {
      this.#worker = data;
      data.onmessage = ({ data: [time, samples] }: MessageEvent<[number, Float32Array]>) => this.#playout.push(time, samples);
    };
  }

  process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
    if (output?.[0]) this.#playout.pull(output[0]);
    this.#blocks += 1;
    if (this.#blocks % REPORT_EVERY === 0) {
      const { time, played, concealed, energy } = this.#playout;
      const report: Played = { time, samples: played + concealed, concealed, energy };
      this.#worker?.postMessage(report);
    }
    return true;
  }
}

registerProcessor("player", Player);
