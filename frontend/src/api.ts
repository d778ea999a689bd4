import type { Stroke } from "./drawing";
import { messages } from "./messages";

export interface DrawingRequest {
  readonly strokes: readonly Stroke[];
  readonly width: number;
  readonly height: number;
  readonly line_width: number;
}

export interface Prediction {
  readonly digit: number;
  readonly confidence: number;
  readonly is_digit: boolean;
  /** One per digit, 0..1, sum 1. */
  readonly probabilities: readonly number[];
}

export type Answer = Prediction | "nothing-drawn";

/** No answer came. The message is a sentence for the person who draws. */
export class NoAnswer extends Error {}

const PATIENCE_MILLISECONDS = 15_000;

/**
 * Asks the server which digit was drawn.
 *
 * Throws NoAnswer where the server cannot be reached, refuses or fails; the signal's own reason
 * where that aborts the request.
 */
export async function predict(
  url: string,
  drawing: DrawingRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await send(url, drawing, signal);
  const document = await read(response, signal);
  if (response.ok) return asPrediction(document);
  if (isNothingDrawn(document)) return "nothing-drawn";
  throw new NoAnswer(detailOf(document) ?? messages.serverFailed(response.status));
}

async function send(url: string, drawing: DrawingRequest, signal: AbortSignal): Promise<Response> {
  const patience = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  try {
    return await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(drawing),
      signal: AbortSignal.any([signal, patience]),
    });
  } catch {
    signal.throwIfAborted();
    throw new NoAnswer(patience.aborted ? messages.serverSlow : messages.serverUnreachable);
  }
}

/** The body as JSON; undefined where it is none, as from a proxy's error page. */
async function read(response: Response, signal: AbortSignal): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function asPrediction(document: unknown): Prediction {
  if (isPrediction(document)) return document;
  throw new NoAnswer(messages.answerUnreadable);
}

function isPrediction(document: unknown): document is Prediction {
  if (!isObject(document)) return false;
  const { digit, confidence, is_digit, probabilities } = document;
  return (
    typeof digit === "number" &&
    typeof confidence === "number" &&
    typeof is_digit === "boolean" &&
    Array.isArray(probabilities) &&
    probabilities.length === 10 &&
    probabilities.every((probability) => typeof probability === "number")
  );
}

/** Problem types (RFC 9457) are addresses that end in the error's name. */
function isNothingDrawn(document: unknown): boolean {
  return isObject(document) && /(^|[/:#])nothing-drawn$/.test(String(document["type"]));
}

function detailOf(document: unknown): string | undefined {
  const detail = isObject(document) ? document["detail"] : undefined;
  return typeof detail === "string" && detail !== "" ? detail : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
