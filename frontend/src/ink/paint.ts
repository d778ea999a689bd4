import { type Point, type Stroke, widthAt } from "./drawing";

const PAPER = "#fff";
const INK = "#000";

/** Where on the paper a picture's corner lies, and how many canvas units a pixel of it takes. */
export interface Fit {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

/** A picture on the middle of the paper, as large as it can be. */
export function contain(picture: { width: number; height: number }, side: number): Fit {
  const scale = side / Math.max(picture.width, picture.height);
  return {
    left: (side - picture.width * scale) / 2,
    top: (side - picture.height * scale) / 2,
    scale,
  };
}

type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Paints all strokes on fresh paper. */
export function paintDrawing(
  pen: Pen,
  side: number,
  strokes: readonly Stroke[],
  lineWidth: number,
): void {
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, side, side);
  for (const stroke of strokes) paintStroke(pen, stroke, 0, lineWidth);
}

/** Paints a stroke's points from `first` on, joined to the one before: round caps and joins. */
export function paintStroke(pen: Pen, stroke: Stroke, first: number, lineWidth: number): void {
  pen.fillStyle = INK;
  for (let i = first; i < stroke.length; i++) {
    const [before, point] = [stroke[i - 1], stroke[i]];
    if (point === undefined) return;
    disc(pen, point, lineWidth);
    if (before !== undefined) line(pen, before, point, lineWidth);
  }
}

function disc(pen: Pen, point: Point, lineWidth: number): void {
  pen.beginPath();
  pen.arc(point.x, point.y, widthAt(point, lineWidth) / 2, 0, 2 * Math.PI);
  pen.fill();
}

function line(pen: Pen, start: Point, end: Point, lineWidth: number): void {
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  if (length === 0) return;
  const [x, y] = [-(end.y - start.y) / length, (end.x - start.x) / length];
  const [r, s] = [widthAt(start, lineWidth) / 2, widthAt(end, lineWidth) / 2];
  pen.beginPath();
  pen.moveTo(start.x + x * r, start.y + y * r);
  pen.lineTo(end.x + x * s, end.y + y * s);
  pen.lineTo(end.x - x * s, end.y - y * s);
  pen.lineTo(start.x - x * r, start.y - y * r);
  pen.fill();
}
