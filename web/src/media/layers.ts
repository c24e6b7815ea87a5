/**
 * How a camera is sent: in layers of one picture (RFC 8853), so that each viewer gets the one that
 * fits their tile and their network.
 *
 * Pure. The region says which layers anybody sees; the others are not encoded.
 */
import type { Demand } from "../protocol";
import type { SendLimits } from "./connection";

/** A layer, or why there is none. */
export interface Layer extends SendLimits {
  active: boolean;
}

/** Their ids (RFC 8851), lowest first, which is the order that browsers and the region expect. */
export const LAYERS = ["q", "h", "f"] as const;

const PICTURES_A_SECOND = 30;
/** bps for pictures of 180, 360 and 720 lines; others get what their size needs. */
const RATES = [150_000, 500_000, 1_700_000] as const;
/**
 * Pixels of the camera's picture from which on three layers are sent, and two: Chromium sends no more
 * for smaller ones, and would leave out the sharpest.
 */
const THREE_FROM = 500_000;
const TWO_FROM = 129_600;

/** The camera as one encoding, for a region that takes no more. */
const WHOLE: Layer = { scaleDownBy: 1, maxBitrate: RATES[2], maxFramerate: PICTURES_A_SECOND, active: true };

/** What to send of a camera with that many pixels a picture (null: not known), in that many encodings. */
export function cameraLayers(pixels: number | null, encodings: number = LAYERS.length): readonly Layer[] {
  if (encodings === 1) return [WHOLE];
  const used = Math.min(encodings, pixels === null || pixels >= THREE_FROM ? 3 : pixels >= TWO_FROM ? 2 : 1);
  return LAYERS.slice(0, encodings).map((_, place) => {
    const active = place < used;
    return {
      scaleDownBy: active ? 2 ** (used - 1 - place) : 1,
      // The sharpest of few is as large as the one above it would be, at most.
      maxBitrate: used === 1 ? RATES[1] : used === 2 && place === 1 ? 900_000 : RATES[place] ?? RATES[2],
      maxFramerate: PICTURES_A_SECOND,
      active,
    };
  });
}

/** The layers with those switched off that nobody sees; `rids` are theirs, missing for the only one. */
export function demanded(
  layers: readonly Layer[],
  rids: readonly (string | undefined)[],
  demand: Demand | null,
): readonly Layer[] {
  if (!demand) return layers;
  // A track of one encoding is named without layers.
  const seen = (rid: string | undefined) =>
    demand.wanted && (rid === undefined || !demand.layers?.length || demand.layers.includes(rid));
  return layers.map((layer, place) => ({ ...layer, active: layer.active && seen(rids[place]) }));
}
