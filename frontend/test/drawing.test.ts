import { describe, expect, it } from "vitest";
import { Drawing, type Point, widthAt } from "../src/drawing";

const LIMITS = { strokes: 2, points: 5 };

function at(x: number, y: number, time = 0): Point {
  return { x, y, time, pressure: 0.5 };
}

describe("Drawing", () => {
  it("keeps strokes apart and points in order", () => {
    const drawing = new Drawing(LIMITS);
    drawing.begin(at(1, 2));
    drawing.extend(at(3, 4));
    drawing.begin(at(5, 6));
    expect(drawing.strokes).toEqual([[at(1, 2), at(3, 4)], [at(5, 6)]]);
  });

  it("counts time from the first point, over all strokes", () => {
    const drawing = new Drawing(LIMITS);
    drawing.begin(at(0, 0, 1000));
    drawing.extend(at(1, 0, 1016));
    drawing.begin(at(2, 0, 1500));
    const times = drawing.strokes.flat().map((point) => point.time);
    expect(times).toEqual([0, 16, 500]);
  });

  it("holds a single tap as a stroke of one point", () => {
    const drawing = new Drawing(LIMITS);
    expect(drawing.isEmpty).toBe(true);
    drawing.begin(at(7, 7));
    expect(drawing.isEmpty).toBe(false);
    expect(drawing.strokes).toEqual([[at(7, 7)]]);
  });

  it("adds nothing while the pen rests", () => {
    const drawing = new Drawing(LIMITS);
    drawing.begin(at(1, 1, 0));
    drawing.extend(at(1, 1, 20));
    expect(drawing.strokes[0]).toHaveLength(1);
  });

  it("ignores a move before any pen went down", () => {
    const drawing = new Drawing(LIMITS);
    drawing.extend(at(1, 1));
    expect(drawing.isEmpty).toBe(true);
  });

  it("refuses the stroke after the last one that the server reads", () => {
    const drawing = new Drawing(LIMITS);
    expect([1, 2, 3].map((x) => drawing.begin(at(x, 0)))).toEqual([true, true, false]);
    expect(drawing.strokes).toHaveLength(2);
  });

  it("stops at the last point that the server reads", () => {
    const drawing = new Drawing(LIMITS);
    drawing.begin(at(0, 0));
    for (let x = 1; x < 10; x++) drawing.extend(at(x, 0));
    expect(drawing.strokes[0]?.map((point) => point.x)).toEqual([0, 1, 2, 3, 4]);
    expect(drawing.begin(at(0, 9))).toBe(false);
  });

  it("starts anew when cleared", () => {
    const drawing = new Drawing(LIMITS);
    drawing.begin(at(1, 1, 500));
    drawing.begin(at(2, 2, 600));
    drawing.clear();
    expect(drawing.isEmpty).toBe(true);
    expect(drawing.begin(at(3, 3, 900))).toBe(true);
    expect(drawing.strokes).toEqual([[at(3, 3, 0)]]);
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
