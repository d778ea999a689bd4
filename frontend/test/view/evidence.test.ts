import { describe, expect, it } from "vitest";
import { evidenceFor } from "../../src/view/evidence";

/** Ten digits on 2 x 2 places; the digit 3 has `three`, the digit 7 `seven`, all others 1. */
function insight(three: number[], seven: number[]) {
  const evidence = new Float32Array(40).fill(1);
  evidence.set(three, 12);
  evidence.set(seven, 28);
  return { evidence, ink: new Float32Array(784), placement: new Float32Array(4) };
}

describe("evidenceFor", () => {
  it("is relative to all digits, and the strongest of any digit is 1", () => {
    const map = evidenceFor(insight([11, 1, 1, 1], [1, -4, 1, 1]), 3);
    expect(map.places).toBe(2);
    // place 0: 11 less the mean 2; place 1: 1 less the mean 0.5
    expect(map.strength).toEqual([1, 0.5 / 9, 0, 0]);
  });

  it("speaks against a digit that a place denies", () => {
    const map = evidenceFor(insight([11, 1, 1, 1], [1, -4, 1, 1]), 7);
    expect(map.strength).toEqual([-1 / 9, -4.5 / 9, 0, 0]);
  });

  it("says nothing where all digits are alike", () => {
    expect(evidenceFor(insight([1, 1, 1, 1], [1, 1, 1, 1]), 3).strength).toEqual([0, 0, 0, 0]);
  });
});
