import type { Point } from "../../src/ink/drawing";
import type { StrokeListener } from "../../src/input/pointer";

const SIDE = 280;

/** A canvas that hears events and captures pointers. */
export class Paper extends EventTarget {
  readonly #captured = new Set<number>();

  getBoundingClientRect() {
    return { left: 0, top: 0, width: SIDE, height: SIDE };
  }

  setPointerCapture(pointer: number): void {
    this.#captured.add(pointer);
  }

  hasPointerCapture(pointer: number): boolean {
    return this.#captured.has(pointer);
  }

  /** Dispatches an event with these properties. */
  hear(kind: string, properties: object = {}): void {
    if (kind === "pointerup") this.#captured.clear();
    this.dispatchEvent(Object.assign(new Event(kind), properties));
  }
}

/** Where each stroke goes; as an eraser it draws none. */
export class Strokes implements StrokeListener {
  readonly strokes: number[][] = [];
  isEraser = false;
  isPenDown = false;

  begin({ x }: Point): boolean {
    if (!this.isEraser) this.strokes.push([x]);
    this.isPenDown = !this.isEraser;
    return true;
  }

  extend(points: readonly Point[]): void {
    if (this.isPenDown) this.strokes.at(-1)?.push(...points.map(({ x }) => x));
  }

  end(): void {
    this.isPenDown = false;
  }

  undo(): void {
    this.strokes.pop();
    this.end();
  }
}
