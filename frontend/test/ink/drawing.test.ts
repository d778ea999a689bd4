import { describe, expect, it } from "vitest";
import { Drawing, type Point, widthAt } from "../../src/ink/drawing";

const LIMITS = { strokes: 2, points: 5 };

function at(x: number, y: number, time = 0): Point {
  return { x, y, time, pressure: 0.5 };
}

describe("Drawing", () => {
  it("keeps strokes apart and points in order", () => {
    const drawing = new Drawing(LIMITS, 22);
    drawing.begin(at(1, 2));
    drawing.extend(at(3, 4));
    drawing.begin(at(5, 6));
    expect(drawing.strokes).toEqual([[at(1, 2), at(3, 4)], [at(5, 6)]]);
  });

  it("counts time from the first point, over all strokes", () => {
    const drawing = new Drawing(LIMITS, 22);
    drawing.begin(at(0, 0, 1000));
    drawing.extend(at(1, 0, 1016));
    drawing.begin(at(2, 0, 1500));
    const times = drawing.strokes.flat().map((point) => point.time);
    expect(times).toEqual([0, 16, 500]);
  });

  it("holds a single tap as a stroke of one point", () => {
    const drawing = new Drawing(LIMITS, 22);
    expect(drawing.isEmpty).toBe(true);
    drawing.begin(at(7, 7));
    expect(drawing.isEmpty).toBe(false);
    expect(drawing.strokes).toEqual([[at(7, 7)]]);
  });

  it("adds nothing while the pen rests", () => {
    const drawing = new Drawing(LIMITS, 22);
    drawing.begin(at(1, 1, 0));
    drawing.extend(at(1, 1, 20));
    expect(drawing.strokes[0]).toHaveLength(1);
  });

  it("ignores a move before any pen went down", () => {
    const drawing = new Drawing(LIMITS, 22);
    drawing.extend(at(1, 1));
    expect(drawing.isEmpty).toBe(true);
  });

  it("refuses the stroke after the last one that the server reads", () => {
    const drawing = new Drawing(LIMITS, 22);
    expect([1, 2, 3].map((x) => drawing.begin(at(x, 0)))).toEqual([true, true, false]);
    expect(drawing.strokes).toHaveLength(2);
  });

  it("stops at the last point that the server reads", () => {
    const drawing = new Drawing(LIMITS, 22);
    drawing.begin(at(0, 0));
    const areTaken = [1, 2, 3, 4, 4, 5, 6].map((x) => drawing.extend(at(x, 0)));
    expect(areTaken).toEqual([true, true, true, true, true, false, false]);
    expect(drawing.strokes[0]?.map((point) => point.x)).toEqual([0, 1, 2, 3, 4]);
    expect(drawing.begin(at(0, 9))).toBe(false);
  });

  it("starts anew when cleared", () => {
    const drawing = new Drawing(LIMITS, 22);
    drawing.begin(at(1, 1, 500));
    drawing.begin(at(2, 2, 600));
    drawing.clear();
    expect(drawing.isEmpty).toBe(true);
    expect(drawing.begin(at(3, 3, 900))).toBe(true);
    expect(drawing.strokes).toEqual([[at(3, 3, 0)]]);
  });
});

describe("undo and redo", () => {
  const drawing = new Drawing({ strokes: 9, points: 99 }, 22);
  const xs = () => drawing.strokes.map((stroke) => stroke[0]?.x);

  it("go back and forth through strokes, erasing and clearing", () => {
    for (const x of [10, 50, 90]) drawing.begin(at(x, 0));
    drawing.erase({ x: 50, y: 3 }, 5);
    drawing.clear();
    const seen = [xs()];
    while (drawing.canUndo) {
      drawing.undo();
      seen.push(xs());
    }
    expect(seen).toEqual([[], [10, 90], [10, 50, 90], [10, 50], [10], []]);
    while (drawing.canRedo) drawing.redo();
    expect(xs()).toEqual([]);
  });

  it("a new stroke takes the place of what was undone", () => {
    drawing.undo();
    drawing.begin(at(70, 0));
    expect(xs()).toEqual([10, 90, 70]);
    expect(drawing.canRedo).toBe(false);
  });

  it("a stroke that was undone does not grow when the pen still moves", () => {
    drawing.undo();
    drawing.extend(at(75, 0));
    expect(xs()).toEqual([10, 90]);
    drawing.redo();
    expect(drawing.strokes.at(-1)).toHaveLength(1);
  });

  it("what is drawn on after undo follows the last point, however long ago it was", () => {
    const drawing = new Drawing({ strokes: 9, points: 99 }, 22);
    const now = performance.now();
    drawing.begin(at(1, 1, now - 60_000));
    drawing.extend(at(2, 1, now - 55_000));
    drawing.clear();
    drawing.begin(at(3, 3, now - 1_000));
    drawing.undo();
    drawing.undo();
    drawing.begin(at(4, 4, performance.now() + 100));
    drawing.extend(at(5, 4, performance.now() + 200));
    const times = drawing.strokes.flat().map(({ time }) => time / 1000);
    for (const [i, time] of [0, 5, 5.1, 5.2].entries()) expect(times[i]).toBeCloseTo(time, 1);
  });

  it("keeps the last pictures only, for they are large", () => {
    const drawing = new Drawing({ strokes: 9, points: 99 }, 22);
    const image = {} as OffscreenCanvas;
    for (let width = 1; width <= 30; width++) {
      drawing.lay({ strokes: [], lineWidth: 22, photo: { width, height: 1, image } });
      drawing.clear();
    }
    const widths: number[] = [];
    while (drawing.canUndo) {
      drawing.undo();
      if (drawing.sheet.photo !== undefined) widths.push(drawing.sheet.photo.width);
    }
    expect(widths).toEqual([30, 29, 28, 27, 26, 25, 24, 23]);
  });

  it("clearing empty paper is no step", () => {
    const empty = new Drawing(LIMITS, 22);
    empty.clear();
    expect(empty.canUndo).toBe(false);
  });
});

describe("erase", () => {
  it.each([
    [{ x: 50, y: 4 }, [20]], // beside the line, between its points
    [{ x: 20, y: 100 }, [0]], // the single point
    [{ x: 50, y: 40 }, [0, 20]], // too far from both
    [{ x: 108, y: 0 }, [0, 20]], // beyond the line's end
  ])("at %o leaves the strokes that begin at %o", (place, left) => {
    const drawing = new Drawing(LIMITS, 22);
    drawing.begin(at(0, 0));
    drawing.extend(at(100, 0));
    drawing.begin(at(20, 100));
    expect(drawing.erase(place, 5)).toBe(left.length < 2);
    expect(drawing.strokes.map((stroke) => stroke[0]?.x)).toEqual(left);
  });

  it("takes the stroke on top where two cross", () => {
    const drawing = new Drawing(LIMITS, 22);
    drawing.begin(at(0, 0));
    drawing.begin(at(1, 0));
    drawing.erase({ x: 0, y: 0 }, 5);
    expect(drawing.strokes).toEqual([[at(0, 0)]]);
  });

  it("makes room again", () => {
    const drawing = new Drawing(LIMITS, 22);
    drawing.begin(at(0, 0));
    drawing.begin(at(9, 9));
    expect(drawing.isFull).toBe(true);
    drawing.erase({ x: 9, y: 9 }, 1);
    expect(drawing.isFull).toBe(false);
  });
});

describe("widthAt", () => {
  it.each([
    [0, 11],
    [0.5, 22],
    [1, 33],
  ])("draws pressure %f of a 22 px pen %f px wide", (pressure, width) => {
    expect(widthAt({ ...at(0, 0), pressure }, 22)).toBe(width);
  });
});
