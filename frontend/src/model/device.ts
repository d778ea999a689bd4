import type { Picture } from "../ink/picture";
import type { ModelFacts, Order, Outputs, Report } from "./model-messages";
import { type Answer, NoAnswer, type Reading } from "./prediction";

/** `unfetched`: the model did not come, and may another time; `failed`: it does not run here. */
export type DeviceState = "loading" | "ready" | "unfetched" | "failed";

type Trouble = "unfetched" | "failed";

/** The model on this device, in a worker of its own, so that drawing never waits for it. */
export class Device {
  #state: DeviceState = "loading";
  #share = 0;
  readonly #startWorker: () => Worker;
  readonly #digitThreshold: number;
  readonly #onChange: (state: DeviceState, share: number) => void;
  #worker: Worker | undefined;
  #waiting: PromiseWithResolvers<Outputs> | undefined;

  /** `onChange` hears of every change of state and, while loading, which share is here. */
  constructor(
    startWorker: () => Worker,
    digitThreshold: number,
    onChange: (state: DeviceState, share: number) => void,
  ) {
    this.#startWorker = startWorker;
    this.#digitThreshold = digitThreshold;
    this.#onChange = onChange;
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** How much of the model is here, 0..1. */
  get share(): number {
    return this.#share;
  }

  /** Fetches the model, unless it is here, on its way or known not to run here. */
  load(model: ModelFacts): void {
    if (this.#worker !== undefined && this.#state !== "unfetched") return;
    const worker = this.#startWorker();
    worker.addEventListener("message", ({ data }: MessageEvent<Report>) => this.#hear(data));
    worker.addEventListener("error", (event) => this.#fail(troubleOf(event), "The worker failed."));
    this.#worker = worker;
    this.#change("loading", 0);
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
    this.#worker?.postMessage(order, transfer);
  }

  #hear(report: Report): void {
    if (report.kind === "outputs") this.#waiting?.resolve(report.outputs);
    else if (report.kind === "progress") this.#change("loading", report.share);
    else if (report.kind === "ready") this.#change("ready", 1);
    else this.#fail(report.kind, report.reason);
  }

  #change(state: DeviceState, share: number): void {
    this.#state = state;
    this.#share = share;
    this.#onChange(state, share);
  }

  #fail(state: Trouble, reason: string): void {
    this.#worker?.terminate(); // it may still be fetching the other file
    this.#change(state, 0);
    this.#waiting?.reject(new NoAnswer(() => reason));
    console.info(`No model on this device (${state}): ${reason}`);
  }
}

/** A worker whose script does not come has an error without a message. */
function troubleOf(event: Event): Trouble {
  return "message" in event ? "failed" : "unfetched";
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
