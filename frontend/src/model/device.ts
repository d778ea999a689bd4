import type { Picture } from "../ink/picture";
import type { ModelFacts, Order, Outputs, Report } from "./model-messages";
import { type Answer, NoAnswer, type Reading } from "./prediction";

export type DeviceState = "loading" | "ready" | "failed";

/** The model on this device, in a worker of its own, so that drawing never waits for it. */
export class Device {
  #state: DeviceState = "loading";
  #share = 0;
  readonly #worker: Worker;
  readonly #digitThreshold: number;
  readonly #onChange: (state: DeviceState, share: number) => void;
  #waiting: PromiseWithResolvers<Outputs> | undefined;

  /** `onChange` hears of every change of state and, while loading, which share is here. */
  constructor(
    worker: Worker,
    digitThreshold: number,
    onChange: (state: DeviceState, share: number) => void,
  ) {
    this.#worker = worker;
    this.#digitThreshold = digitThreshold;
    this.#onChange = onChange;
    worker.addEventListener("message", ({ data }: MessageEvent<Report>) => this.#hear(data));
    worker.addEventListener("error", () => this.#fail("The worker could not be started."));
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** How much of the model is here, 0..1. */
  get share(): number {
    return this.#share;
  }

  load(model: ModelFacts): void {
    this.#order({ kind: "load", model });
  }

  /**
   * Reads one picture; the next one only after its answer.
   *
   * Throws NoAnswer where the model fails.
   */
  async read(picture: Picture): Promise<Reading> {
    this.#waiting = Promise.withResolvers();
    const { width, height } = picture;
    const pixels = picture.pixels();
    this.#order({ kind: "read", pixels, width, height }, [pixels.buffer]);
    const outputs = await this.#waiting.promise;
    return {
      insight: { ...outputs, width, height },
      answer: toAnswer(outputs, this.#digitThreshold),
      source: "device",
      milliseconds: outputs.milliseconds,
    };
  }

  #order(order: Order, transfer: Transferable[] = []): void {
    this.#worker.postMessage(order, transfer);
  }

  #hear(report: Report): void {
    if (report.kind === "outputs") this.#waiting?.resolve(report.outputs);
    else if (report.kind === "failed") this.#fail(report.reason);
    else this.#change(report.kind === "ready" ? "ready" : "loading", report);
  }

  #change(state: DeviceState, report: Report): void {
    this.#state = state;
    this.#share = report.kind === "progress" ? report.share : 1;
    this.#onChange(state, this.#share);
  }

  #fail(reason: string): void {
    this.#worker.terminate(); // it may still be fetching the other file
    this.#state = "failed";
    this.#onChange("failed", 0);
    this.#waiting?.reject(new NoAnswer(() => reason));
    console.info(`The model does not run on this device: ${reason}`);
  }
}

/** As the API answers, from the model's outputs. */
export function toAnswer(outputs: Outputs, digitThreshold: number): Answer {
  if (outputs.ink.every((value) => value === 0)) return "nothing-drawn";
  const probabilities = [...outputs.probabilities];
  const confidence = Math.max(...probabilities);
  return {
    digit: probabilities.indexOf(confidence),
    confidence,
    is_digit: outputs.digitProbability >= digitThreshold,
    probabilities,
  };
}
