import { expect, it } from "vitest";
import { firstPoints, shortened } from "../../src/ink/replay";

const at = (time: number) => ({ x: time, y: 0, time, pressure: 0.5 });
const STROKES = [
  [at(100), at(116)],
  [at(5000), at(5016)],
];

it("keeps the pace of the pen and shortens the pauses", () => {
  expect(shortened(STROKES)).toEqual([0, 16, 416, 432]);
});

it("never runs backwards", () => {
  expect(shortened([[at(50), at(20), at(60)]])).toEqual([0, 0, 40]);
});

it("shows as many points as there were by then", () => {
  expect(firstPoints(STROKES, 0)).toEqual([]);
  expect(firstPoints(STROKES, 1)).toEqual([[at(100)]]);
  expect(firstPoints(STROKES, 3)).toEqual([[at(100), at(116)], [at(5000)]]);
  expect(firstPoints(STROKES, 9)).toEqual(STROKES);
});
