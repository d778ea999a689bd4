import { describe, expect, it } from "vitest";
import { toJson, toSvg } from "../../src/ink/files";

const at = (x: number, y: number, pressure = 0.5) => ({ x, y, time: 0, pressure });

function widths(svg: string): number[] {
  return [...svg.matchAll(/stroke-width="([^"]+)"/g)].map(([, width]) => Number(width));
}

describe("toSvg", () => {
  it("draws one line for a stroke of a mouse", () => {
    const svg = toSvg({ lineWidth: 20, strokes: [[at(1, 2), at(3, 4), at(5, 6)]] }, 280);
    expect(svg).toContain('viewBox="0 0 280 280"');
    expect(svg).toContain('<polyline points="1,2 3,4 5,6" stroke-width="20"/>');
  });

  it("draws a tap as a dot", () => {
    const svg = toSvg({ lineWidth: 20, strokes: [[at(9, 9)]] }, 280);
    expect(svg).toContain('points="9,9 9,9"');
  });

  it("draws joined lines of the widths that a pen pressed", () => {
    const stroke = [at(0, 0, 0.25), at(1, 0, 0.25), at(2, 0, 0.75)];
    const svg = toSvg({ lineWidth: 20, strokes: [stroke] }, 280);
    expect(widths(svg)).toEqual([15, 25]);
    expect(svg).toContain('points="0,0 1,0 2,0"');
  });
});

it("writes JSON as the API reads it", () => {
  const point = { x: 1, y: 2, time: 3, pressure: 0.5 };
  expect(JSON.parse(toJson({ lineWidth: 20, strokes: [[point]] }, 280))).toEqual({
    width: 280,
    height: 280,
    line_width: 20,
    strokes: [[point]],
  });
});
