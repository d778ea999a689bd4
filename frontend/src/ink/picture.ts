import { fromBase64 } from "./base64";
import type { Sheet, Stroke } from "./drawing";
import { paintDrawing, paintStroke } from "./paint";

/** Grey pixels that can be read: what the device and the server both get. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Grey, 0 for ink to 255 for paper, row by row. */
  pixels(): Uint8Array<ArrayBuffer>;
  /** The same pixels as a file, without anything else. */
  png(): Blob;
}

/** A picture on a canvas of its own, whose colours are equal: it is grey. */
class CanvasPicture implements Picture {
  readonly canvas: OffscreenCanvas;
  readonly pen: OffscreenCanvasRenderingContext2D;

  constructor(canvas: OffscreenCanvas) {
    // Read after every change, so it must not lie in the graphics card's memory.
    const pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (pen === null) throw new Error("This browser has no 2D canvas.");
    this.canvas = canvas;
    this.pen = pen;
  }

  get width(): number {
    return this.canvas.width;
  }

  get height(): number {
    return this.canvas.height;
  }

  pixels(): Uint8Array<ArrayBuffer> {
    const { data } = this.pen.getImageData(0, 0, this.width, this.height);
    const grey = new Uint8Array(this.width * this.height);
    for (let i = 0; i < grey.length; i++) grey[i] = data[4 * i] ?? 0;
    return grey;
  }

  png(): Blob {
    const copy = document.createElement("canvas");
    copy.width = this.width;
    copy.height = this.height;
    const pen = copy.getContext("2d", { alpha: false, willReadFrequently: true });
    pen?.drawImage(this.canvas, 0, 0);
    return fromDataUrl(copy.toDataURL("image/png"));
  }
}

/** Not by convertToBlob or toBlob: in Chromium they wait for an idle page, up to a second. */
function fromDataUrl(url: string): Blob {
  const [, base64 = ""] = url.split(",");
  return new Blob([fromBase64(base64)], { type: "image/png" });
}

/**
 * The sheet as a picture. Strokes lie on `side` x `side` pixels whatever the screen, so that the
 * device and the server see the same pixels; a photograph has its own size. The canvas on the
 * screen is only looked at.
 */
export class SheetPicture implements Picture {
  readonly #side: number;
  readonly #strokes: CanvasPicture;
  #shown: CanvasPicture;

  constructor(side: number) {
    this.#side = side;
    this.#strokes = new CanvasPicture(new OffscreenCanvas(side, side));
    this.#shown = this.#strokes;
    this.paint({ strokes: [], lineWidth: 0 });
  }

  get width(): number {
    return this.#shown.width;
  }

  get height(): number {
    return this.#shown.height;
  }

  paint({ strokes, lineWidth, photo }: Sheet): void {
    paintDrawing(this.#strokes.pen, this.#side, strokes, lineWidth);
    this.#shown = photo === undefined ? this.#strokes : new CanvasPicture(photo.image);
  }

  /** Paints a stroke's points from `first` on, joined to the one before. */
  paintFrom(stroke: Stroke, first: number, lineWidth: number): void {
    paintStroke(this.#strokes.pen, stroke, first, lineWidth);
  }

  pixels(): Uint8Array<ArrayBuffer> {
    return this.#shown.pixels();
  }

  png(): Blob {
    return this.#shown.png();
  }
}
