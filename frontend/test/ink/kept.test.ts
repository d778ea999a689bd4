import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Ink, toCompact } from "../../src/ink/compact";
import { KeptDrawings } from "../../src/ink/kept";
import { SmallStorage } from "../fakes";

const LIMITS = { strokes: 5, points: 50 };

function ink(x: number): Ink {
  return { lineWidth: 20, strokes: [[{ x, y: 1, time: 0, pressure: 0.5 }]] };
}

/** What one drawing takes: its name, what was read and where it goes. */
const EACH = `drawn-digits.drawing.1-${toCompact(ink(1))}`.length;

/** `most`: characters that the browser keeps. */
function store(most?: number): KeptDrawings {
  vi.stubGlobal("localStorage", new SmallStorage(most));
  return new KeptDrawings(280, LIMITS);
}

function begins(kept: KeptDrawings): number[] {
  return kept.list().map(({ begun }) => begun);
}

let kept: KeptDrawings;
beforeEach(() => {
  kept = store();
});

describe("KeptDrawings", () => {
  it("lists the newest first, with what was read", () => {
    kept.keep({ begun: 1, ink: ink(1), digit: 7 });
    kept.keep({ begun: 2, ink: ink(2) });
    kept.keep({ begun: 3, ink: ink(3), digit: "none" });
    expect(kept.list()).toEqual([
      { begun: 3, ink: ink(3), digit: "none" },
      { begun: 2, ink: ink(2) },
      { begun: 1, ink: ink(1), digit: 7 },
    ]);
  });

  it("keeps a drawing that goes on in its place", () => {
    kept.keep({ begun: 1, ink: ink(1) });
    kept.keep({ begun: 1, ink: ink(9), digit: 1 });
    expect(kept.list()).toEqual([{ begun: 1, ink: ink(9), digit: 1 }]);
  });

  it("keeps what was read of a drawing that is opened again, until it changes", () => {
    kept.keep({ begun: 1, ink: ink(1), digit: 7 });
    kept.keep({ begun: 1, ink: ink(1) });
    expect(kept.list()).toEqual([{ begun: 1, ink: ink(1), digit: 7 }]);
    kept.keep({ begun: 1, ink: ink(2) });
    expect(kept.list()).toEqual([{ begun: 1, ink: ink(2) }]);
  });

  it("keeps sixty, and loses none when one of them goes on", () => {
    for (let begun = 1; begun <= 61; begun++) kept.keep({ begun, ink: ink(1) });
    expect(begins(kept)).toHaveLength(60);
    expect(begins(kept).at(-1)).toBe(2);
    kept.keep({ begun: 61, ink: ink(2) });
    expect(begins(kept)).toHaveLength(60);
  });

  it("lets the oldest make way where the browser is full, and no more than that", () => {
    kept = store(3 * EACH);
    for (const begun of [1, 2, 3, 4]) kept.keep({ begun, ink: ink(1) });
    expect(begins(kept)).toEqual([4, 3, 2]);
  });

  it("keeps the old ones where a new one would not fit even so", () => {
    kept = store(3 * EACH);
    for (const begun of [1, 2, 3]) kept.keep({ begun, ink: ink(1) });
    const strokes = Array(5).fill(ink(1).strokes).flat();
    kept.keep({ begun: 4, ink: { lineWidth: 20, strokes } });
    kept.keep({ begun: 3, ink: { lineWidth: 20, strokes } });
    expect(begins(kept)).toEqual([3, 2, 1]);
    expect(kept.list()[0]?.ink).toEqual(ink(1));
  });

  it("does without a browser that keeps nothing", () => {
    kept = store(0);
    kept.keep({ begun: 1, ink: ink(1) });
    expect(kept.list()).toEqual([]);
  });

  it("does not keep again what was deleted, unless it is brought back", () => {
    kept.keep({ begun: 1, ink: ink(1) });
    expect(kept.canRestore).toBe(false);
    kept.delete(1);
    kept.keep({ begun: 1, ink: ink(2) });
    expect(kept.list()).toEqual([]);
    expect(kept.canRestore).toBe(true);
    kept.restore();
    expect(kept.list()).toEqual([{ begun: 1, ink: ink(1) }]);
    kept.keep({ begun: 1, ink: ink(3) });
    expect(kept.list()[0]?.ink).toEqual(ink(3));
  });

  it("brings back all that was deleted at once", () => {
    for (const begun of [1, 2, 3]) kept.keep({ begun, ink: ink(begun) });
    kept.deleteAll();
    expect(kept.list()).toEqual([]);
    kept.restore();
    expect(begins(kept)).toEqual([3, 2, 1]);
  });

  it("loses nothing that a full browser has no room to bring back", () => {
    kept = store(2 * EACH);
    for (const begun of [1, 2]) kept.keep({ begun, ink: ink(1) });
    kept.deleteAll();
    kept.keep({ begun: 3, ink: ink(1) });
    kept.restore();
    expect(begins(kept)).toEqual([3, 2]);
    expect(kept.canRestore).toBe(true);
    kept.delete(3);
    kept.restore();
    expect(begins(kept)).toEqual([2, 1]);
  });

  it.each(["", "7", "7{}", "x[22,[0,0,0]]"])("leaves out %s, which others wrote there", (text) => {
    localStorage.setItem("drawn-digits.drawing.5", text);
    expect(kept.list()).toEqual([]);
  });

  it.each(["9000000000000000", "x", "NaN", "Infinity"])("leaves out a name like %s", (name) => {
    localStorage.setItem(`drawn-digits.drawing.${name}`, "7[22,[100,100,0,50]]");
    expect(kept.list()).toEqual([]);
  });
});
