export interface Place {
  readonly x: number;
  readonly y: number;
}

/** One sample of the pen: x and y in canvas units (0..280, downwards), time in milliseconds. */
export interface Point extends Place {
  readonly time: number;
  /** 0..1; `PLAIN_PRESSURE` draws the plain line width. */
  readonly pressure: number;
}

/** Of a mouse, a finger and the keyboard, as the Pointer Events standard has it. */
export const PLAIN_PRESSURE = 0.5;

export type Stroke = readonly Point[];

/** A picture that came from outside, in a form that is read like a drawing. */
export interface Photo {
  readonly width: number;
  readonly height: number;
  /** What it looks like, grey. */
  readonly image: OffscreenCanvas;
}

/** What lies on the paper: strokes, or a picture and none. */
export interface Sheet {
  readonly strokes: readonly Stroke[];
  readonly lineWidth: number;
  readonly photo?: Photo | undefined;
  /** When it was, in milliseconds since 1970; nothing where it is not the visitor's own. */
  readonly begun?: number | undefined;
}

/** How much the server reads; the page stops there too. */
export interface DrawingLimits {
  readonly strokes: number;
  readonly points: number;
}

const MOST_PHOTOS = 8; // that undo can bring back

/** The strokes, which are the data, and every state that they were in: the canvas only shows them. */
export class Drawing {
  #states: [...Sheet[], Sheet];
  #now = 0; // of these states
  #newest: Point[] | undefined; // the stroke whose pen is down
  #points = 0;
  #start = 0;
  readonly #limits: DrawingLimits;

  constructor(limits: DrawingLimits, lineWidth: number) {
    this.#limits = limits;
    this.#states = [{ strokes: [], lineWidth }];
  }

  get sheet(): Sheet {
    return this.#states[this.#now] ?? this.#states[0];
  }

  get strokes(): readonly Stroke[] {
    return this.sheet.strokes;
  }

  get isEmpty(): boolean {
    return this.#points === 0 && this.sheet.photo === undefined;
  }

  /** Whether a stroke was begun and not ended. */
  get isPenDown(): boolean {
    return this.#newest !== undefined;
  }

  get isFull(): boolean {
    return this.strokes.length >= this.#limits.strokes || this.#points >= this.#limits.points;
  }

  get canUndo(): boolean {
    return this.#now > 0;
  }

  get canRedo(): boolean {
    return this.#now < this.#states.length - 1;
  }

  /** Pen down. False, and nothing is kept, where the drawing is full. A picture makes way. */
  begin(point: Point): boolean {
    if (this.isFull) return false;
    const isNew = this.#points === 0;
    if (isNew) this.#start = point.time;
    const stroke: Point[] = [];
    const { lineWidth, begun = Date.now() } = this.sheet;
    const strokes = [...this.strokes, stroke];
    this.#change({ strokes, lineWidth, begun: isNew ? Date.now() : begun });
    this.#newest = stroke;
    this.#append(point);
    return true;
  }

  /**
   * Pen moved: goes on with the last stroke. A pen that rests adds nothing. False where the drawing
   * is full.
   */
  extend(point: Point): boolean {
    const last = this.#newest?.at(-1);
    if (last === undefined || (last.x === point.x && last.y === point.y)) return true;
    if (this.#points >= this.#limits.points) return false;
    this.#append(point);
    return true;
  }

  /** Pen up. */
  end(): void {
    this.#newest = undefined;
  }

  /** Takes away the newest stroke that comes within `reach` of a place; false where none does. */
  erase(place: Place, reach: number): boolean {
    const hit = this.strokes.findLastIndex((stroke) => distance(stroke, place) <= reach);
    if (hit >= 0) this.#change({ ...this.sheet, strokes: this.strokes.toSpliced(hit, 1) });
    return hit >= 0;
  }

  /** Empty paper; undo brings the strokes back. */
  clear(): void {
    if (!this.isEmpty) this.#change({ strokes: [], lineWidth: this.sheet.lineWidth });
  }

  /** Another drawing or picture, in place of what was there; undo brings that back. */
  lay(sheet: Sheet): void {
    this.#change(sheet);
    this.#goOnInItsTime();
  }

  /** All strokes are drawn with one width; it is part of each state, and no state of its own. */
  setLineWidth(lineWidth: number): void {
    this.#states[this.#now] = { ...this.sheet, lineWidth };
  }

  undo(): void {
    if (this.canUndo) this.#returnTo(this.#now - 1);
  }

  redo(): void {
    if (this.canRedo) this.#returnTo(this.#now + 1);
  }

  #returnTo(state: number): void {
    this.#go(state);
    this.#goOnInItsTime();
  }

  #change(sheet: Sheet): void {
    const earlier = this.#states.slice(0, this.#now + 1);
    this.#states = [...withFewPhotos(earlier), sheet];
    this.#go(this.#states.length - 1);
  }

  #go(state: number): void {
    this.#now = state;
    this.#newest = undefined;
    this.#points = this.strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  }

  /** Strokes that are drawn to what lies there now follow its last point. */
  #goOnInItsTime(): void {
    const last = this.strokes.at(-1)?.at(-1)?.time ?? 0;
    this.#start = performance.now() - last;
  }

  #append(point: Point): void {
    const last = this.strokes.findLast((stroke) => stroke.length > 0)?.at(-1)?.time ?? 0;
    this.#newest?.push({ ...point, time: Math.max(last, point.time - this.#start) });
    this.#points += 1;
  }
}

/** The newest of these states: a picture takes four megabytes. */
function withFewPhotos(states: readonly Sheet[]): readonly Sheet[] {
  const photos = states.flatMap(({ photo }, state) => (photo === undefined ? [] : [state]));
  return photos.length > MOST_PHOTOS ? states.slice(photos.at(-MOST_PHOTOS)) : states;
}

/** From a place to the nearest point of a stroke's lines. */
function distance(stroke: Stroke, place: Place): number {
  const starts = [stroke[0], ...stroke].slice(0, stroke.length); // a single point is a line too
  return Math.min(...stroke.map((end, i) => distanceToLine(starts[i] ?? end, end, place)));
}

function distanceToLine(start: Place, end: Place, place: Place): number {
  const [x, y] = [end.x - start.x, end.y - start.y];
  const along = (place.x - start.x) * x + (place.y - start.y) * y;
  const share = Math.min(1, Math.max(0, along / (x * x + y * y || 1)));
  return Math.hypot(place.x - start.x - share * x, place.y - start.y - share * y);
}

/** The width that a point is drawn with; the server's rasterizer keeps the same rule. */
export function widthAt(point: Point, lineWidth: number): number {
  return lineWidth * (0.5 + point.pressure);
}
