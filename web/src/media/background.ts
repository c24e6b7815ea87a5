/**
 * What stands behind this person in the picture that is sent, and in the one they see of themselves.
 *
 * With nothing chosen it is the camera's own track, and nothing of the effect is loaded. A person who
 * chose an effect is never sent without it unawares: until it runs nothing is sent, unless the plain
 * picture was already, and when it fails nothing is sent before they decide.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { recall, remember } from "../storage";
import { BackgroundFailure, type BackgroundChoice, type BackgroundProblem, choiceOf } from "./background/choice";
import type { Engine, Pipe } from "./background/engine";

export type LoadEngine = (failed: (problem: BackgroundProblem) => void) => Promise<Engine>;

export class Background {
  readonly choice: Signal<BackgroundChoice> = signal(choiceOf(recall("background")));
  /** What is sent; null while there is no picture, or none that may be sent. */
  readonly track: Signal<MediaStreamTrack | null> = signal(null);
  /** The effect is on its way. */
  readonly starting: Signal<boolean> = signal(false);
  /** Why nothing is sent, until the person decides. */
  readonly problem: Signal<BackgroundProblem | null> = signal(null);
  /** Whether the person has to decide: their camera is on, and what they chose cannot be done. */
  readonly undecided: ReadonlySignal<BackgroundProblem | null>;
  readonly #asked: Signal<number> = signal(0);
  readonly #dispose: () => void;
  #engine: Promise<Engine> | null = null;
  #pipe: Pipe | null = null;
  #run = 0;

  constructor(
    private readonly camera: ReadonlySignal<MediaStreamTrack | null>,
    private readonly load: LoadEngine = async (failed) => (await fetchEngine()).loadEngine(failed),
  ) {
    this.undecided = computed(() => (this.camera.value === null ? null : this.problem.value));
    this.#dispose = effect(() => {
      void this.#asked.value;
      const [choice, track] = [this.choice.value, this.camera.value];
      untracked(() => void this.#follow(choice, track));
    });
  }

  choose(choice: BackgroundChoice): void {
    remember("background", choice === "none" ? "" : choice);
    this.choice.value = choice;
    // Also the same again: after a failure, or with another picture of their own.
    this.#asked.value += 1;
  }

  retry(): void {
    this.#asked.value += 1;
  }

  stop(): void {
    this.#dispose();
    this.#run += 1;
    this.#drop();
    this.track.value = null;
  }

  async #follow(choice: BackgroundChoice, camera: MediaStreamTrack | null): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    this.problem.value = null;
    this.starting.value = choice !== "none" && camera !== null;
    if (choice === "none") {
      this.track.value = camera;
      this.#drop();
      return;
    }
    const sent = this.track.value;
    // What is seen already stays until the effect is there: the picture never goes away for it.
    if (camera === null || (sent !== camera && sent !== this.#pipe?.track)) this.track.value = null;
    if (camera === null) {
      this.#pipe?.stop();
      this.#pipe = null;
      return;
    }
    try {
      const engine = await this.#ready();
      if (run !== this.#run) return;
      await engine.show(choice);
      if (run !== this.#run) return;
      if (this.#pipe?.of !== camera) {
        this.#pipe?.stop();
        this.#pipe = engine.attach(camera);
      }
      const pipe = this.#pipe;
      await pipe.first;
      if (run !== this.#run) return;
      this.track.value = pipe.track;
      this.starting.value = false;
    } catch (error) {
      if (run === this.#run) this.#fail(error instanceof BackgroundFailure ? error.problem : "unloaded");
    }
  }

  #ready(): Promise<Engine> {
    if (this.#engine) return this.#engine;
    const loading: Promise<Engine> = this.load((problem) => {
      if (this.#engine === loading) this.#fail(problem);
    });
    this.#engine = loading;
    return loading;
  }

  #fail(problem: BackgroundProblem): void {
    this.#run += 1;
    this.track.value = null;
    this.#drop();
    this.starting.value = false;
    this.problem.value = problem;
  }

  /** Lets go of everything that the effect takes. */
  #drop(): void {
    this.#pipe?.stop();
    this.#pipe = null;
    this.#engine?.then(
      (engine) => engine.close(),
      () => undefined,
    );
    this.#engine = null;
  }
}

let module: Promise<typeof import("./background/engine")> | null = null;

/** A failure to load is not kept: the next try asks again. */
function fetchEngine(): Promise<typeof import("./background/engine")> {
  module ??= import("./background/engine").catch((error: unknown) => {
    module = null;
    throw error;
  });
  return module;
}
