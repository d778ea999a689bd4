import { describe, expect, it } from "vitest";
import examples from "../../src/dialogs/examples.json";
import { BadInk, fromCompact, type Ink, toCompact } from "../../src/ink/compact";

const SIDE = 280;
const LIMITS = { strokes: 2, points: 5 };

const INK: Ink = {
  lineWidth: 22,
  strokes: [
    [
      { x: 12.34, y: 0, time: 0, pressure: 0.5 },
      { x: -3.5, y: 279.99, time: 16, pressure: 0.73 },
    ],
    [{ x: 100, y: 100, time: 900, pressure: 1 }],
  ],
};

const point = [1400, 1400, 0, 50];

describe("compact ink", () => {
  it("comes back as it went", () => {
    expect(fromCompact(toCompact(INK), SIDE, LIMITS)).toEqual(INK);
  });

  it("takes drawings up to the limits", () => {
    const full = [22, [...point, ...Array(16).fill(1)]];
    expect(fromCompact(JSON.stringify(full), SIDE, LIMITS).strokes[0]).toHaveLength(5);
  });

  it.each([
    ["no JSON", "[22,"],
    ["an object", "{}"],
    ["nothing", "null"],
    ["no strokes", "[22]"],
    ["no line width", JSON.stringify([null, point])],
    ["a negative line width", JSON.stringify([-1, point])],
    ["a line wider than the paper", JSON.stringify([281, point])],
    ["an empty stroke", "[22,[]]"],
    ["half a point", "[22,[1400,1400]]"],
    ["texts for numbers", '[22,["1","1","1","1"]]'],
    ["lists for numbers", "[22,[[1],[1],[1],[1]]]"],
    ["numbers without end", "[22,[1e999,0,0,50]]"],
    ["a point far away", "[22,[300000,0,0,50]]"],
    ["time that runs backwards to before its beginning", "[22,[0,0,-1,50]]"],
    ["more pressure than there is", "[22,[0,0,0,101]]"],
    ["one stroke too many", JSON.stringify([22, point, point, point])],
    ["one point too many", JSON.stringify([22, [...point, ...Array(20).fill(0)]])],
    [
      "one point too many, over two strokes",
      JSON.stringify([22, [...point, ...Array(12).fill(0)], [...point, ...point]]),
    ],
  ])("refuses %s", (_, text) => {
    expect(() => fromCompact(text, SIDE, LIMITS)).toThrow(BadInk);
  });

  it("holds the examples", () => {
    for (const { ink } of examples) {
      const { strokes, lineWidth } = fromCompact(JSON.stringify(ink), SIDE, {
        strokes: 4,
        points: 100,
      });
      expect(lineWidth).toBeGreaterThanOrEqual(15);
      expect(strokes.flat().every(({ x, y }) => x > 0 && x < SIDE && y > 0 && y < SIDE)).toBe(true);
    }
  });
});
