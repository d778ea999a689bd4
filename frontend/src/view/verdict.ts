import { type Key, percent, say } from "../language/language";
import { DIGITS, NoAnswer, type Prediction, type Reading } from "../model/prediction";

export type State = "empty" | "nothing-drawn" | "answer" | "not-a-digit" | "error";

/** What the answer panel shows. */
export interface Verdict {
  readonly state: State;
  /** The large sign; empty where there is no answer. */
  readonly sign: string;
  readonly headline: string;
  readonly detail: string;
  /** One per digit, 0..1. */
  readonly probabilities: readonly number[];
  /** Who answered, and how long it took; nothing where nobody did. */
  readonly origin?: string;
}

const NO_PROBABILITIES: readonly number[] = Array(DIGITS).fill(0);
/** The runner-up is named when it is at least this share of the best. */
const CLOSE = 1 / 4;

export function invite(): Verdict {
  return silent("empty", say("answer.invitation"), "");
}

export function nothingDrawn(): Verdict {
  return silent("nothing-drawn", say("answer.nothing-drawn"), "");
}

export function failure(reason: string, detail: string): Verdict {
  return silent("error", reason, detail);
}

export function toVerdict(result: Reading | NoAnswer): Verdict {
  if (result instanceof NoAnswer) return failure(result.inWords(), say("answer.kept"));
  const { answer, source, milliseconds } = result;
  const verdict = answer === "nothing-drawn" ? nothingDrawn() : judge(answer);
  return { ...verdict, origin: say(`answer.by-${source}`, { milliseconds }) };
}

export function judge(prediction: Prediction): Verdict {
  const { digit, probabilities } = prediction;
  const sign = String(digit);
  const confidence = percent(prediction.confidence);
  if (!prediction.is_digit) {
    const detail = say("answer.closest", { digit, confidence });
    return {
      state: "not-a-digit",
      sign,
      headline: say("answer.not-a-digit"),
      detail,
      probabilities,
    };
  }
  const runnerUp = closeRunnerUp(prediction);
  const headline =
    runnerUp === undefined
      ? say("answer.digit", { digit })
      : say("answer.close-call", { digit, other: runnerUp });
  const detail = say(inWords(prediction.confidence), { confidence });
  return { state: "answer", sign, headline, detail, probabilities };
}

function silent(state: State, headline: string, detail: string): Verdict {
  return { state, sign: "", headline, detail, probabilities: NO_PROBABILITIES };
}

function closeRunnerUp({ digit, probabilities }: Prediction): number | undefined {
  const others = probabilities.map((probability, i) => (i === digit ? -1 : probability));
  const best = Math.max(...others);
  return best >= (probabilities[digit] ?? 0) * CLOSE ? others.indexOf(best) : undefined;
}

function inWords(confidence: number): Key {
  if (confidence >= 0.99) return "answer.certain";
  if (confidence >= 0.9) return "answer.confident";
  return confidence >= 0.6 ? "answer.fairly-sure" : "answer.unsure";
}
