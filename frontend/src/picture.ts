import type { Stroke } from "./drawing";
import { paintDrawing, paintStroke } from "./paint";

/**
 * The picture that is answered: the strokes on `side` x `side` pixels whatever the screen, so
 * that the device and the server see the same pixels. The canvas on the screen is only looked at.
 */
export class Picture {
  readonly side: number;
  readonly #canvas: OffscreenCanvas;
  readonly #pen: OffscreenCanvasRenderingContext2D;

  constructor(side: number) {
    this.side = side;
    this.#canvas = new OffscreenCanvas(side, side);
    // Read after every change, so it must not lie in the graphics card's memory.
    const pen = this.#canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (pen === null) throw new Error("This browser has no 2D canvas.");
    this.#pen = pen;
    this.paint([], 0);
  }

  paint(strokes: readonly Stroke[], lineWidth: number): void {
    paintDrawing(this.#pen, this.side, strokes, lineWidth);
  }

  /** Paints a stroke's points from `first` on, joined to the one before. */
  paintFrom(stroke: Stroke, first: number, lineWidth: number): void {
    paintStroke(this.#pen, stroke, first, lineWidth);
  }

  /** Grey, 0 for ink to 255 for paper, row by row. */
  pixels(): Uint8Array<ArrayBuffer> {
    const { data } = this.#pen.getImageData(0, 0, this.side, this.side);
    const grey = new Uint8Array(this.side * this.side);
    for (let i = 0; i < grey.length; i++) grey[i] = data[4 * i] ?? 0;
    return grey;
  }

  /** The same pixels as a file. */
  png(): Promise<Blob> {
    return this.#canvas.convertToBlob({ type: "image/png" });
  }
}
