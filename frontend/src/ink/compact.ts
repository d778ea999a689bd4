import type { DrawingLimits, Point, Stroke } from "./drawing";

/** Strokes, and the width that they are drawn with: all that makes a drawing. */
export interface Ink {
  readonly strokes: readonly Stroke[];
  readonly lineWidth: number;
}

/** What came is no drawing, or a larger one than is read. */
export class BadInk extends Error {}

const HUNDREDTHS = 100; // finer than any screen, and what the pointer is rounded to
const FIELDS = 4; // x, y, time, pressure
/** Canvas sides that a line may lie beside it. */
export const FARTHEST = 10;

/**
 * A short JSON text: the line width, then each stroke as the steps from one point to the next, in
 * hundredths of a canvas unit, milliseconds and hundredths of pressure.
 */
export function toCompact({ strokes, lineWidth }: Ink): string {
  return JSON.stringify([lineWidth, ...strokes.map(toSteps)]);
}

/**
 * Reads what `toCompact` wrote, or anybody else: nothing in it is trusted.
 *
 * Throws BadInk where it is not of that form or larger than the limits.
 */
export function fromCompact(text: string, side: number, limits: DrawingLimits): Ink {
  return fromSteps(parse(text), side, limits);
}

/** The same for what the JSON says. */
export function fromSteps(document: unknown, side: number, limits: DrawingLimits): Ink {
  if (!Array.isArray(document)) throw new BadInk("It is no list.");
  const [lineWidth, ...lists] = document;
  if (!isNumber(lineWidth) || lineWidth <= 0 || lineWidth > side)
    throw new BadInk("No line width.");
  if (lists.length > limits.strokes) throw new BadInk("Too many strokes.");
  const strokes = lists.map((list) => toStroke(list, side, limits.points));
  const points = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  if (points === 0 || points > limits.points) throw new BadInk(`${points} points.`);
  return { strokes, lineWidth };
}

function toSteps(stroke: Stroke): number[] {
  let last = [0, 0, 0, 0];
  return stroke.flatMap(({ x, y, time, pressure }) => {
    const next = [x * HUNDREDTHS, y * HUNDREDTHS, time, pressure * HUNDREDTHS].map(Math.round);
    const step = next.map((value, i) => value - (last[i] ?? 0));
    last = next;
    return step;
  });
}

function toStroke(list: unknown, side: number, most: number): Stroke {
  if (!Array.isArray(list) || list.length === 0 || list.length % FIELDS !== 0) {
    throw new BadInk("A stroke is no list of points.");
  }
  if (list.length > most * FIELDS) throw new BadInk("Too many points.");
  const sums = [0, 0, 0, 0];
  const points: Point[] = [];
  for (let i = 0; i < list.length; i += FIELDS) {
    for (let field = 0; field < FIELDS; field++) {
      const step: unknown = list[i + field];
      if (!isNumber(step)) throw new BadInk("A point is no number.");
      sums[field] = (sums[field] ?? 0) + step;
    }
    points.push(toPoint(sums, side));
  }
  return points;
}

function toPoint([x = 0, y = 0, time = 0, pressure = 0]: readonly number[], side: number): Point {
  const point = { x: x / HUNDREDTHS, y: y / HUNDREDTHS, time, pressure: pressure / HUNDREDTHS };
  const isNear = Math.max(Math.abs(point.x), Math.abs(point.y)) <= FARTHEST * side;
  if (!isNear) throw new BadInk("A point lies far off the paper.");
  if (!(time >= 0 && time <= Number.MAX_SAFE_INTEGER)) throw new BadInk("A time is none.");
  if (!(point.pressure >= 0 && point.pressure <= 1)) throw new BadInk("A pressure is none.");
  return point;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadInk("It is no JSON.");
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
