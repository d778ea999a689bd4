import { forget, names, recall, remember } from "../storage";
import { fromCompact, type Ink, toCompact } from "./compact";
import type { DrawingLimits } from "./drawing";

/** A drawing of the visitor's, as this browser keeps it. */
export interface KeptDrawing {
  /** When it was begun, in milliseconds since 1970: its name. */
  readonly begun: number;
  readonly ink: Ink;
  /** What was read; nothing where nobody has read it yet. */
  readonly digit?: number | "none" | undefined;
}

const PREFIX = "drawing.";
const LAST_DATE = 8.64e15; // milliseconds
const MOST = 60; // the oldest makes way

/** The visitor's drawings, on this device only. */
export class KeptDrawings {
  readonly #side: number;
  readonly #limits: DrawingLimits;
  readonly #deleted = new Map<number, string>();

  constructor(side: number, limits: DrawingLimits) {
    this.#side = side;
    this.#limits = limits;
  }

  /**
   * Keeps a drawing in place of the one of the same name, but none that is not read in place of
   * the same one read. One that was deleted stays so.
   */
  keep({ begun, ink, digit }: KeptDrawing): void {
    if (this.#deleted.has(begun)) return;
    const compact = toCompact(ink);
    if (digit === undefined && recall(PREFIX + begun)?.slice(1) === compact) return;
    const text = (digit === "none" ? "-" : (digit ?? "?")) + compact;
    const others = begins().filter((each) => each !== begun); // newest first
    if (!store(begun, text) && !storeInPlaceOf(others.at(-1), begun, text)) return;
    for (const oldest of others.slice(MOST - 1)) forget(PREFIX + oldest);
  }

  /** All that can be read, the newest first. */
  list(): KeptDrawing[] {
    return begins().flatMap((begun) => this.#read(begun) ?? []);
  }

  delete(begun: number): void {
    this.#deleted.set(begun, recall(PREFIX + begun) ?? "");
    forget(PREFIX + begun);
  }

  deleteAll(): void {
    for (const begun of begins()) this.delete(begun);
  }

  /** Whether anything was deleted since this page was opened. */
  get canRestore(): boolean {
    return this.#deleted.size > 0;
  }

  /** Brings back what was deleted since this page was opened. */
  restore(): void {
    for (const [begun, text] of this.#deleted) {
      if (store(begun, text)) this.#deleted.delete(begun); // a full browser may have room later
    }
  }

  /** Nothing where another page of this address wrote something else there. */
  #read(begun: number): KeptDrawing | undefined {
    const text = recall(PREFIX + begun) ?? "";
    try {
      const ink = fromCompact(text.slice(1), this.#side, this.#limits);
      return { begun, ink, digit: toDigit(text[0]) };
    } catch {
      return undefined;
    }
  }
}

function toDigit(sign = ""): number | "none" | undefined {
  if (sign === "-") return "none";
  return /\d/.test(sign) ? Number(sign) : undefined;
}

function store(begun: number, text: string): boolean {
  return remember(PREFIX + begun, text);
}

/** The browser is full, perhaps: then the oldest makes way, if that is enough. */
function storeInPlaceOf(oldest: number | undefined, begun: number, text: string): boolean {
  const old = oldest === undefined ? undefined : recall(PREFIX + oldest);
  if (oldest === undefined || old === undefined) return false;
  forget(PREFIX + oldest);
  if (store(begun, text)) return true;
  store(oldest, old);
  return false;
}

function begins(): number[] {
  return names()
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => Number(name.slice(PREFIX.length)))
    .filter((begun) => Math.abs(begun) <= LAST_DATE) // nor what is no number
    .sort((a, b) => b - a);
}
