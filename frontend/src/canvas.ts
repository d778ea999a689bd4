import { type Point, type Stroke, widthAt } from "./drawing";

const PAPER = "#fff";
const INK = "#000";

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

  paint(strokes: readonly Stroke[], lineWidth: number): void {
    this.#pen.fillStyle = PAPER;
    this.#pen.fillRect(0, 0, this.#side, this.#side);
    for (const stroke of strokes) this.paintFrom(stroke, 0, lineWidth);
  }

  /** Paints a stroke's points from `first` on, joined to the one before. */
  paintFrom(stroke: Stroke, first: number, lineWidth: number): void {
    this.#pen.fillStyle = INK;
    for (let i = first; i < stroke.length; i++) {
      const [before, point] = [stroke[i - 1], stroke[i]];
      if (point === undefined) return;
      this.#disc(point, lineWidth);
      if (before !== undefined) this.#line(before, point, lineWidth);
    }
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

  #disc(point: Point, lineWidth: number): void {
    this.#pen.beginPath();
    this.#pen.arc(point.x, point.y, widthAt(point, lineWidth) / 2, 0, 2 * Math.PI);
    this.#pen.fill();
  }

  #line(start: Point, end: Point, lineWidth: number): void {
    const length = Math.hypot(end.x - start.x, end.y - start.y);
    if (length === 0) return;
    const [x, y] = [-(end.y - start.y) / length, (end.x - start.x) / length];
    const [r, s] = [widthAt(start, lineWidth) / 2, widthAt(end, lineWidth) / 2];
    this.#pen.beginPath();
    this.#pen.moveTo(start.x + x * r, start.y + y * r);
    this.#pen.lineTo(end.x + x * s, end.y + y * s);
    this.#pen.lineTo(end.x - x * s, end.y - y * s);
    this.#pen.lineTo(start.x - x * r, start.y - y * r);
    this.#pen.fill();
  }
}
