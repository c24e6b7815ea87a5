/** A picture small enough to travel with a profile, made in the browser from whatever a person chose. */
import { type Picture, PICTURE_BYTES } from "../protocol";

/** Edges in pixels and qualities, best first. */
const EDGES = [192, 160, 128, 96, 64];
const QUALITIES = [0.88, 0.78, 0.65, 0.5];

/** The middle square as a JPEG of at most `PICTURE_BYTES`; null when the file is no picture. */
export async function pictureFrom(file: Blob): Promise<Picture | null> {
  try {
    const image = await createImageBitmap(file);
    try {
      return smallest((edge, quality) => draw(image, edge, quality));
    } finally {
      image.close();
    }
  } catch {
    return null;
  }
}

/** The first try that fits. */
export function smallest(draw: (edge: number, quality: number) => string): string | null {
  for (const edge of EDGES) {
    for (const quality of QUALITIES) {
      const url = draw(edge, quality);
      if (url.length <= PICTURE_BYTES) return url;
    }
  }
  return null;
}

function draw(image: ImageBitmap, edge: number, quality: number): string {
  const canvas = document.createElement("canvas");
  canvas.width = edge;
  canvas.height = edge;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  // JPEG has no transparency; what was clear becomes white, not black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, edge, edge);
  context.imageSmoothingQuality = "high";
  const side = Math.min(image.width, image.height);
  const [left, top] = [(image.width - side) / 2, (image.height - side) / 2];
  context.drawImage(image, left, top, side, side, 0, 0, edge, edge);
  return canvas.toDataURL("image/jpeg", quality);
}
