/** The arithmetic of effects behind a person; pure. */

export interface Size {
  width: number;
  height: number;
}

/** One side of a Gaussian from its middle on, so that both sides together weigh 1. `sigma` in pixels. */
export function kernel(sigma: number, most: number): number[] {
  const reach = Math.min(most - 1, Math.max(1, Math.ceil(sigma * 2.5)));
  const weights = Array.from({ length: reach + 1 }, (_, at) => Math.exp(-(at * at) / (2 * sigma * sigma)));
  const total = weights.reduce((sum, weight, at) => sum + (at === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / total);
}

/** The part of a picture (0…1 each way) that fills a frame of another shape without being stretched. */
export function cover(picture: Size, frame: Size): Size {
  const ratio = picture.width / picture.height / (frame.width / frame.height);
  return ratio > 1 ? { width: 1 / ratio, height: 1 } : { width: 1, height: ratio };
}

/** The size that fits into `bounds` with the same shape; never larger than it is. Whole pixels. */
export function within(size: Size, bounds: Size): Size {
  const scale = Math.min(1, bounds.width / size.width, bounds.height / size.height);
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) };
}

/** A change of a mask's value up to this is noise of the camera. */
const STILL = 0.08;
/** From this on the person really moved. */
const MOVED = 0.4;
/** How far a mask follows noise from one frame to the next. */
const CALM = 0.25;

/**
 * Follows a mask from frame to frame: still edges keep still, moved ones follow at once.
 *
 * `now` holds how surely each pixel is the person, 0…1; `steady` is changed into what to use, 0…255.
 */
export function follow(steady: Uint8Array, now: ArrayLike<number>): void {
  for (let at = 0; at < steady.length; at += 1) {
    const before = steady[at] ?? 0;
    const change = (now[at] ?? 0) * 255 - before;
    const moved = Math.min(1, Math.max(0, (Math.abs(change) / 255 - STILL) / (MOVED - STILL)));
    steady[at] = Math.round(before + change * (CALM + (1 - CALM) * moved));
  }
}
