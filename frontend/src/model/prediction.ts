import type { components } from "../api";

export const DIGITS = 10;

/** What the model reads in a picture, in the API's words. */
export type Prediction = Pick<
  components["schemas"]["Answer"],
  "digit" | "confidence" | "is_digit" | "probabilities"
>;

export type Answer = Prediction | "nothing-drawn";

export type Source = "device" | "server";

/** Why the model answers as it does. */
export interface Reasons {
  /** 28 x 28, 0..1: what the network saw. */
  readonly ink: Float32Array;
  /** Left, top, width and height of `ink`'s frame in picture pixels. */
  readonly placement: Float32Array;
  /** 10 x places x places: what each place says for each digit. */
  readonly evidence: Float32Array;
}

/** The reasons, and the size of the picture that was read, in pixels. */
export interface Insight extends Reasons {
  readonly width: number;
  readonly height: number;
}

/** An answer, who gave it, and how long that took; a server may leave the reasons out. */
export interface Reading {
  readonly answer: Answer;
  readonly insight?: Insight;
  readonly source: Source;
  readonly milliseconds: number;
}

/** No answer came; `inWords` says why, to the person who draws. */
export class NoAnswer extends Error {
  readonly inWords: () => string;

  constructor(inWords: () => string) {
    super(inWords());
    this.inWords = inWords;
  }
}
