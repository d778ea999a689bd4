import type { Reasons } from "./prediction";

/** What the page and the worker that runs the model say to each other. */

export interface ModelFacts {
  readonly url: string;
  /** Of the file, to show how much of it is here. */
  readonly bytes: number;
}

export interface LoadOrder {
  readonly kind: "load";
  readonly model: ModelFacts;
}

export interface ReadOrder {
  readonly kind: "read";
  /** Grey, row by row: `width` x `height`. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

export type Order = LoadOrder | ReadOrder;

/** The model's outputs for one picture, as the file names them, and the time they took. */
export interface Outputs extends Reasons {
  /** 10, sum 1. */
  readonly probabilities: Float32Array;
  readonly digitProbability: number;
  readonly milliseconds: number;
}

export type Report =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "ready" }
  | { readonly kind: "unfetched" | "failed"; readonly reason: string }
  | { readonly kind: "outputs"; readonly outputs: Outputs };
