import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { BadInk, type Ink } from "../../src/ink/compact";
import { fromFragment, holdsDrawing, toFragment } from "../../src/ink/link";

const SIDE = 280;
const LIMITS = { strokes: 200, points: 20_000 };

const INK: Ink = {
  lineWidth: 20,
  strokes: [
    Array.from({ length: 60 }, (_, i) => ({ x: 20 + 4 * i, y: 99.5, time: 8 * i, pressure: 0.5 })),
  ],
};

function fragment(text: string): string {
  return `d1.${deflateRawSync(text).toString("base64url")}`;
}

describe("a link's fragment", () => {
  it("holds the drawing as it is, in little room", async () => {
    const text = await toFragment(INK);
    expect(text).toMatch(/^d1\.[\w-]+$/);
    expect(text.length).toBeLessThan(200);
    expect(await fromFragment(text, SIDE, LIMITS)).toEqual(INK);
  });

  it("is read as another program writes it", async () => {
    const text = fragment("[22,[1400,1400,0,50]]");
    const { strokes } = await fromFragment(text, SIDE, LIMITS);
    expect(strokes).toEqual([[{ x: 14, y: 14, time: 0, pressure: 0.5 }]]);
  });

  it("is told from other fragments", () => {
    expect(["d1.abc", "", "main", "d2.abc"].map(holdsDrawing)).toEqual([true, false, false, false]);
  });

  it.each([
    ["nothing", "d1."],
    ["no base64", "d1.%%%"],
    ["no deflated text", "d1.AAAA"],
    ["a text that is cut off", fragment(JSON.stringify([22, Array(400).fill(7)])).slice(0, 12)],
    ["no drawing", fragment('{"strokes": []}')],
    ["a bomb", fragment(`[22,[${"0,".repeat(5_000_000)}0]]`)],
  ])("refuses %s", async (_, text) => {
    await expect(fromFragment(text, SIDE, LIMITS)).rejects.toBeInstanceOf(BadInk);
  });
});
