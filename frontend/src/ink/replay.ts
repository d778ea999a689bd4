import type { Stroke } from "./drawing";

const LONGEST_PAUSE = 400; // milliseconds; between strokes people think

/** Paints strokes again as they were drawn. */
export class Replay {
  #frame: number | undefined;

  /** `paint` gets the strokes so far, at each frame that has new ones; `end` is told at the end. */
  start(strokes: readonly Stroke[], paint: (soFar: readonly Stroke[]) => void, end: () => void) {
    this.stop();
    const times = shortened(strokes);
    const begun = performance.now();
    let shown = 0;
    const step = () => {
      const now = performance.now() - begun;
      const count = times.findLastIndex((time) => time <= now) + 1;
      if (count > shown) paint(firstPoints(strokes, count));
      shown = count;
      this.#frame = count < times.length ? requestAnimationFrame(step) : undefined;
      if (this.#frame === undefined) end();
    };
    step();
  }

  /** Whether it was on its way. */
  stop(): boolean {
    const wasRunning = this.#frame !== undefined;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    return wasRunning;
  }
}

/** Of each point, from the first, with no pause longer than `LONGEST_PAUSE`. */
export function shortened(strokes: readonly Stroke[]): number[] {
  let [now, last] = [0, strokes[0]?.[0]?.time ?? 0];
  return strokes.flat().map(({ time }) => {
    now += Math.min(LONGEST_PAUSE, Math.max(0, time - last));
    last = time;
    return now;
  });
}

/** The drawing as it was when it had this many points. */
export function firstPoints(strokes: readonly Stroke[], count: number): Stroke[] {
  let left = count;
  const shown = strokes.map((stroke) => {
    const part = stroke.slice(0, Math.max(0, left));
    left -= stroke.length;
    return part;
  });
  return shown.filter((stroke) => stroke.length > 0);
}
