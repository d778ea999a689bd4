import { forget, names, recall, remember } from "../storage";
import { fromCompact, type Ink, toCompact } from "./compact";
import type { DrawingLimits } from "./drawing";

/** A drawing of the visitor's, as this browser keeps it. */
export interface KeptDrawing {
  /** When it was begun, in milliseconds since 1970: its name. */
  readonly begun: number;
  readonly ink: Ink;
  /** What was read; nothing where it is no digit. */
  readonly digit?: number;
}

const PREFIX = "drawing.";
const MOST = 60; // the oldest makes way

/** The visitor's drawings, on this device only. */
export class KeptDrawings {
  readonly #side: number;
  readonly #limits: DrawingLimits;

  constructor(side: number, limits: DrawingLimits) {
    this.#side = side;
    this.#limits = limits;
  }

  /** Keeps a drawing in place of the one of the same name. */
  keep({ begun, ink, digit }: KeptDrawing): void {
    const text = `${digit ?? "-"}${toCompact(ink)}`;
    const older = begins(); // newest first
    for (const oldest of older.slice(MOST - 1)) if (oldest !== begun) this.delete(oldest);
    // The browser is full, perhaps: then an older one makes way for it.
    while (!remember(PREFIX + begun, text)) {
      const oldest = older.pop();
      if (oldest === undefined) return;
      this.delete(oldest);
    }
  }

  /** All that can be read, the newest first. */
  list(): KeptDrawing[] {
    return begins().flatMap((begun) => this.#read(begun) ?? []);
  }

  delete(begun: number): void {
    forget(PREFIX + begun);
  }

  deleteAll(): void {
    for (const begun of begins()) this.delete(begun);
  }

  /** Nothing where another page of this address wrote something else there. */
  #read(begun: number): KeptDrawing | undefined {
    const text = recall(PREFIX + begun) ?? "";
    try {
      const ink = fromCompact(text.slice(1), this.#side, this.#limits);
      return /^\d/.test(text) ? { begun, ink, digit: Number(text[0]) } : { begun, ink };
    } catch {
      return undefined;
    }
  }
}

function begins(): number[] {
  return names()
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => Number(name.slice(PREFIX.length)))
    .filter(Number.isFinite)
    .sort((a, b) => b - a);
}
