import { say } from "../language/language";
import type { Photo } from "./drawing";

/** What sides a picture may have, in pixels. */
export interface PhotoLimits {
  /** Longer ones are shrunk to this before anybody reads them. */
  readonly longest: number;
  readonly shortest: number;
}

/** A picture cannot be used; `inWords` says why, to the person who chose it. */
export class BadPhoto extends Error {
  readonly inWords: () => string;

  constructor(inWords: () => string) {
    super(inWords());
    this.inWords = inWords;
  }
}

/**
 * A picture's grey pixels, upright, laid over white and shrunk to the limits. Nothing else of the
 * file goes on: neither its name nor where and when it was taken.
 *
 * Throws BadPhoto where the browser cannot read it or it is too small.
 */
export async function readPhoto(file: Blob, name: string, limits: PhotoLimits): Promise<Photo> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new BadPhoto(() => say("picture.unreadable", { name }));
  }
  try {
    return toPhoto(bitmap, bitmap.width, bitmap.height, limits);
  } finally {
    bitmap.close();
  }
}

/** The same from anything that can be painted. */
export function toPhoto(
  source: CanvasImageSource,
  width: number,
  height: number,
  { longest, shortest }: PhotoLimits,
): Photo {
  const scale = Math.min(1, longest / Math.max(width, height));
  if (Math.min(width, height) < shortest) {
    throw new BadPhoto(() => say("picture.too-small", { width, height, least: shortest }));
  }
  // A strip is not made thinner than anybody reads.
  const [w, h] = [width, height].map((side) => Math.max(shortest, Math.round(side * scale))) as [
    number,
    number,
  ];
  const image = new OffscreenCanvas(w, h);
  const pen = image.getContext("2d", { alpha: false, willReadFrequently: true });
  if (pen === null) throw new Error("This browser has no 2D canvas.");
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, w, h);
  pen.drawImage(source, 0, 0, w, h);
  makeGrey(pen, w, h);
  return { width: w, height: h, image };
}

/** By the weights that the server's reader has too (ITU-R BT.601). */
function makeGrey(pen: OffscreenCanvasRenderingContext2D, width: number, height: number): void {
  const image = pen.getImageData(0, 0, width, height);
  const { data } = image;
  for (let i = 0; i < data.length; i += 4) {
    const [red = 0, green = 0, blue = 0] = data.subarray(i, i + 3);
    const grey = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    data[i] = grey;
    data[i + 1] = grey;
    data[i + 2] = grey;
  }
  pen.putImageData(image, 0, 0);
}
