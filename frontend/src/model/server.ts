import type { components } from "../api";
import type { Picture } from "../ink/picture";
import { say } from "../language/language";
import { type Answer, NoAnswer, type Prediction, type Reading } from "./prediction";

type Problem = components["schemas"]["Problem"];
/** What came has these fields perhaps, and anything in them. */
type Unchecked<Shape> = { readonly [Key in keyof Shape]?: unknown };

const PATIENCE_MILLISECONDS = 15_000;

/** Asks the server about the picture as it is now; throws like `predict`. */
export async function askServer(
  url: string,
  picture: Picture,
  signal: AbortSignal,
): Promise<Reading> {
  const start = performance.now();
  const answer = await predict(url, await picture.png(), signal);
  return { answer, source: "server", milliseconds: performance.now() - start };
}

/**
 * Asks the server which digit a picture shows.
 *
 * Throws NoAnswer where the server cannot be reached, refuses or fails; the signal's own reason
 * where that aborts the request.
 */
export async function predict(url: string, picture: Blob, signal: AbortSignal): Promise<Answer> {
  const response = await send(url, picture, signal);
  const document = await read(response, signal);
  if (response.ok) return asPrediction(document);
  if (isNothingDrawn(document)) return "nothing-drawn";
  throw new NoAnswer(detailOf(document) ?? say("trouble.failed", { status: response.status }));
}

async function send(url: string, picture: Blob, signal: AbortSignal): Promise<Response> {
  const patience = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  try {
    return await fetch(url, {
      method: "POST",
      headers: { "Content-Type": picture.type, Accept: "application/json" },
      body: picture,
      signal: AbortSignal.any([signal, patience]),
    });
  } catch {
    signal.throwIfAborted();
    throw new NoAnswer(say(patience.aborted ? "trouble.slow" : "trouble.unreachable"));
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
  throw new NoAnswer(say("trouble.unreadable"));
}

function isPrediction(document: unknown): document is Prediction {
  const { digit, confidence, is_digit, probabilities } = fieldsOf<Prediction>(document);
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
  return /(^|[/:#])nothing-drawn$/.test(String(fieldsOf<Problem>(document).type));
}

function detailOf(document: unknown): string | undefined {
  const { detail } = fieldsOf<Problem>(document);
  return typeof detail === "string" && detail !== "" ? detail : undefined;
}

/** The names of the fields are the API's own, so that a renamed one is found by the compiler. */
function fieldsOf<Shape>(document: unknown): Unchecked<Shape> {
  return typeof document === "object" && document !== null ? document : {};
}
