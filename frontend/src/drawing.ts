/** One sample of the pen: x and y in canvas units (0..280, downwards), time in milliseconds. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly time: number;
  /** 0..1; 0.5 draws the plain line width. */
  readonly pressure: number;
}

export type Stroke = readonly Point[];

/** How much the server reads; the page stops there too. */
export interface DrawingLimits {
  readonly strokes: number;
  readonly points: number;
}

/** The strokes, which are the data: the canvas only shows them. */
export class Drawing {
  #strokes: Point[][] = [];
  #points = 0;
  #start = 0;
  readonly #limits: DrawingLimits;

  constructor(limits: DrawingLimits) {
    this.#limits = limits;
  }

  get strokes(): readonly Stroke[] {
    return this.#strokes;
  }

  get isEmpty(): boolean {
    return this.#points === 0;
  }

  get isFull(): boolean {
    return this.#strokes.length >= this.#limits.strokes || this.#points >= this.#limits.points;
  }

  /** Pen down. False, and nothing is kept, where the drawing is full. */
  begin(point: Point): boolean {
    if (this.isFull) return false;
    if (this.isEmpty) this.#start = point.time;
    this.#strokes.push([]);
    this.#append(point);
    return true;
  }

  /** Pen moved: goes on with the last stroke. A pen that rests adds nothing. */
  extend(point: Point): void {
    const last = this.#strokes.at(-1)?.at(-1);
    if (last === undefined || this.#points >= this.#limits.points) return;
    if (last.x !== point.x || last.y !== point.y) this.#append(point);
  }

  clear(): void {
    this.#strokes = [];
    this.#points = 0;
  }

  #append(point: Point): void {
    this.#strokes.at(-1)?.push({ ...point, time: point.time - this.#start });
    this.#points += 1;
  }
}

/** The width that a point is drawn with; the server's rasterizer keeps the same rule. */
export function widthAt(point: Point, lineWidth: number): number {
  return lineWidth * (0.5 + point.pressure);
}
