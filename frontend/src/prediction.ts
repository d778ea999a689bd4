/** What the model reads in a picture, in the API's words. */
export interface Prediction {
  readonly digit: number;
  readonly confidence: number;
  readonly is_digit: boolean;
  /** One per digit, 0..1, sum 1. */
  readonly probabilities: readonly number[];
}

export type Answer = Prediction | "nothing-drawn";

export type Source = "device" | "server";

/** An answer, who gave it, and how long that took. */
export interface Reading {
  readonly answer: Answer;
  readonly source: Source;
  readonly milliseconds: number;
}

/** No answer came. The message is a sentence for the person who draws. */
export class NoAnswer extends Error {}
