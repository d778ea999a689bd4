import type { Photo, Sheet, Stroke } from "../ink/drawing";
import { contain, type Fit, paintDrawing, paintStroke } from "../ink/paint";

/**
 * Shows strokes on a canvas whose coordinates always run from 0 to `side`, whatever its size on
 * the screen and however many device pixels that is.
 */
export class CanvasView {
  readonly #canvas: HTMLCanvasElement;
  readonly #pen: CanvasRenderingContext2D;
  readonly #side: number;

  constructor(canvas: HTMLCanvasElement, side: number) {
    const pen = canvas.getContext("2d", { alpha: false });
    if (pen === null) throw new Error("This browser has no 2D canvas.");
    this.#canvas = canvas;
    this.#pen = pen;
    this.#side = side;
  }

  /** Calls back, now and later, when the canvas has a new size and has to be painted again. */
  onResize(repaint: () => void): void {
    const resize = () => {
      this.#fitDevicePixels();
      repaint();
    };
    new ResizeObserver(resize).observe(this.#canvas);
    window.addEventListener("resize", resize); // zooming changes the device pixels only
    resize();
  }

  paint({ strokes, lineWidth, photo }: Sheet): void {
    paintDrawing(this.#pen, this.#side, strokes, lineWidth);
    if (photo !== undefined) this.#paintPhoto(photo, contain(photo, this.#side));
  }

  /** Paints a stroke's points from `first` on, joined to the one before. */
  paintFrom(stroke: Stroke, first: number, lineWidth: number): void {
    paintStroke(this.#pen, stroke, first, lineWidth);
  }

  #paintPhoto({ image, width, height }: Photo, { left, top, scale }: Fit): void {
    this.#pen.drawImage(image, left, top, width * scale, height * scale);
  }

  #fitDevicePixels(): void {
    const pixels = Math.max(1, Math.round(this.#canvas.clientWidth * window.devicePixelRatio));
    if (this.#canvas.width !== pixels || this.#canvas.height !== pixels) {
      this.#canvas.width = pixels;
      this.#canvas.height = pixels;
    }
    const scale = pixels / this.#side;
    this.#pen.setTransform(scale, 0, 0, scale, 0, 0);
  }
}
