import { describe, expect, it } from "vitest";
import type { Prediction } from "../../src/model/prediction";
import { failure, invite, judge, nothingDrawn } from "../../src/view/verdict";

/** A prediction with these probabilities; the other digits share the rest. */
function prediction(given: Record<number, number>, isDigit = true): Prediction {
  const rest = 1 - Object.values(given).reduce((sum, share) => sum + share, 0);
  const others = 10 - Object.keys(given).length;
  const probabilities = Array.from({ length: 10 }, (_, i) => given[i] ?? rest / others);
  const confidence = Math.max(...probabilities);
  const digit = probabilities.indexOf(confidence);
  return { digit, confidence, is_digit: isDigit, probabilities };
}

describe("judge", () => {
  it("names the digit and how sure the model is", () => {
    const verdict = judge(prediction({ 4: 0.984 }));
    expect(verdict).toMatchObject({ state: "answer", sign: "4", headline: "This is a 4." });
    expect(verdict.detail).toBe("Confident, 98.4%.");
  });

  it("says an 8, not a 8", () => {
    expect(judge(prediction({ 8: 0.99 })).headline).toBe("This is an 8.");
  });

  it.each([
    [0.995, "Certain"],
    [0.95, "Confident"],
    [0.85, "Fairly sure"],
    [0.5, "Unsure"],
  ])("puts a confidence of %f in the words %s", (share, words) => {
    expect(judge(prediction({ 0: share })).detail).toMatch(words);
  });

  it("names a runner-up that is close", () => {
    expect(judge(prediction({ 4: 0.6, 9: 0.3 })).headline).toBe("4, or a 9.");
    expect(judge(prediction({ 3: 0.5, 8: 0.4 })).headline).toBe("3, or an 8.");
  });

  it("keeps a distant runner-up to the bars", () => {
    expect(judge(prediction({ 4: 0.8, 9: 0.19 })).headline).toBe("This is a 4.");
  });

  it("refuses what is no digit, and still gives the best guess", () => {
    const verdict = judge(prediction({ 3: 0.4 }, false));
    expect(verdict).toMatchObject({ state: "not-a-digit", sign: "3" });
    expect(verdict.headline).toBe("This does not look like a digit.");
    expect(verdict.detail).toContain("3, at 40.0%");
  });
});

it("shows no digit and empty bars without an answer", () => {
  for (const verdict of [invite(), nothingDrawn(), failure("No answer.", "")]) {
    expect(verdict.sign).toBe("");
    expect(verdict.probabilities).toEqual(Array(10).fill(0));
  }
});
