/**
 * Whose network is not good, of two who talk directly: what a region says of everybody else. Pure.
 *
 * What of mine is lost is my network's fault as far as anybody can tell, what I miss the other's, and
 * long round trips are both's.
 */
import type { ParticipantId, WeakNetwork, WeakQuality } from "../protocol";
import { type Complaint, figures, judge, type Sample } from "./stats";

/** How often a sample is taken. */
export const SAMPLE_EVERY_MS = 2_000;
/** Better is said after this, worse at once. */
const BETTER_AFTER_MS = 5_000;

const BLAMED: Readonly<Record<Complaint, (you: ParticipantId, other: ParticipantId) => ParticipantId[]>> = {
  loss_out: (you) => [you],
  room: (you) => [you],
  loss_in: (_, other) => [other],
  delay: (you, other) => [you, other],
};

export class DirectNetwork {
  #sample: Sample | null = null;
  #weak: readonly WeakNetwork[] = [];
  #badAt = 0;

  constructor(
    private readonly you: ParticipantId,
    private readonly other: ParticipantId,
  ) {}

  /** All of those who are weak, where that changed. */
  sampled(sample: Sample): readonly WeakNetwork[] | null {
    const [before, weak] = [this.#weak, this.#judge(sample)];
    const isWorse = weak.some(({ participant, quality }) => quality === "poor" || !qualityOf(before, participant));
    if (weak.length > 0 && weak.length >= before.length) this.#badAt = sample.at;
    if (JSON.stringify(weak) === JSON.stringify(before)) return null;
    if (!isWorse && sample.at - this.#badAt < BETTER_AFTER_MS) return null;
    this.#weak = weak;
    return weak;
  }

  #judge(sample: Sample): readonly WeakNetwork[] {
    const told = this.#sample && figures(this.#sample, sample);
    this.#sample = sample;
    const { quality, why } = told ? judge(told) : { quality: "good" as const, why: null };
    if (quality === "good" || why === null) return [];
    return BLAMED[why](this.you, this.other).map((participant) => ({ participant, quality }));
  }
}

function qualityOf(weak: readonly WeakNetwork[], whose: ParticipantId): WeakQuality | undefined {
  return weak.find(({ participant }) => participant === whose)?.quality;
}
