import type { components } from "../api";
import type { Picture } from "../ink/picture";
import { say } from "../language/language";
import {
  type Answer,
  DIGITS,
  NoAnswer,
  type Prediction,
  type Reading,
  type Reasons,
} from "./prediction";

type Problem = components["schemas"]["Problem"];
/** What came has these fields perhaps, and anything in them. */
type Unchecked<Shape> = { readonly [Key in keyof Shape]?: unknown };

export interface ServerAnswer {
  readonly answer: Answer;
  readonly reasons: Reasons | undefined;
}

const SEEN = 28 * 28; // pixels that the network saw
const PATIENCE_MILLISECONDS = 15_000;
const COME_AGAIN: readonly number[] = [429, 503];
const RETRIES = 2;
const LONGEST_WAIT_SECONDS = 3; // a visitor who waits for longer has drawn something else

/** Asks the server about the picture as it is now; throws like `predict`. */
export async function askServer(
  url: string,
  picture: Picture,
  signal: AbortSignal,
): Promise<Reading> {
  const start = performance.now();
  const { width, height } = picture;
  const { answer, reasons } = await predict(url, picture.png(), signal);
  const reading = { answer, source: "server", milliseconds: performance.now() - start } as const;
  return reasons === undefined ? reading : { ...reading, insight: { ...reasons, width, height } };
}

/**
 * Asks the server which digit a picture shows.
 *
 * Throws NoAnswer where the server cannot be reached, refuses or fails; the signal's own reason
 * where that aborts the request.
 */
export async function predict(
  url: string,
  picture: Blob,
  signal: AbortSignal,
): Promise<ServerAnswer> {
  const response = await sendUntilTaken(`${url}?evidence=true&ink=true`, picture, signal);
  const document = await read(response, signal);
  if (response.ok) return { answer: asPrediction(document), reasons: reasonsOf(document) };
  if (nameOf(document) === "nothing-drawn") return { answer: "nothing-drawn", reasons: undefined };
  throw refusalOf(response.status, document);
}

/** A server that has too much to do says when to come again. */
async function sendUntilTaken(url: string, picture: Blob, signal: AbortSignal): Promise<Response> {
  let response = await send(url, picture, signal);
  for (let tries = 0; tries < RETRIES; tries++) {
    const seconds = secondsToWait(response);
    if (!(seconds <= LONGEST_WAIT_SECONDS)) break;
    await pause(seconds, signal);
    response = await send(url, picture, signal);
  }
  return response;
}

/** NaN where another try is of no use, or the server does not say when. */
function secondsToWait(response: Response): number {
  const text = COME_AGAIN.includes(response.status) ? response.headers.get("Retry-After") : null;
  return text === null ? Number.NaN : Number(text);
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
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
    const trouble = patience.aborted ? "trouble.slow" : "trouble.unreachable";
    throw new NoAnswer(() => say(trouble));
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
  throw new NoAnswer(() => say("trouble.unreadable"));
}

function isPrediction(document: unknown): document is Prediction {
  const { digit, confidence, is_digit, probabilities } = fieldsOf<Prediction>(document);
  return (
    typeof digit === "number" &&
    typeof confidence === "number" &&
    typeof is_digit === "boolean" &&
    Array.isArray(probabilities) &&
    probabilities.length === DIGITS &&
    probabilities.every((probability) => typeof probability === "number")
  );
}

/** Undefined where they are not of the form that can be shown: the answer counts without them. */
function reasonsOf(document: unknown): Reasons | undefined {
  const fields = fieldsOf<components["schemas"]["Answer"]>(document);
  const ink = toFloats(fields.ink);
  const placement = toFloats(fields.placement);
  const evidence = toFloats(fields.evidence);
  const isComplete = ink.length === SEEN && placement.length === 4;
  const places = evidence.length / DIGITS;
  if (!isComplete || places === 0 || !Number.isInteger(Math.sqrt(places))) return undefined;
  return { ink, placement, evidence };
}

/** Nested lists of numbers, one after the other; empty where anything else is among them. */
function toFloats(value: unknown): Float32Array {
  const flat: unknown[] = Array.isArray(value) ? value.flat(2) : [];
  return Float32Array.from(flat.every((item) => typeof item === "number") ? flat : []);
}

/** The problem's name. Types of problems (RFC 9457) are addresses that end in it. */
function nameOf(document: unknown): string {
  return /[^/:#]*$/.exec(String(fieldsOf<Problem>(document).type))?.[0] ?? "";
}

/** The problem's detail is English and for programs: it goes to the console. */
function refusalOf(status: number, document: unknown): NoAnswer {
  const { detail = "" } = fieldsOf<Problem>(document);
  console.info(`The server answered with status ${status}.`, detail);
  // Status 503 is a model's that cannot be used, too: that does not pass in a moment.
  const isBusy = ["busy", "rate-limited"].includes(nameOf(document));
  return new NoAnswer(() => say(isBusy ? "trouble.busy" : "trouble.failed", { status }));
}

/** The names of the fields are the API's own, so that a renamed one is found by the compiler. */
function fieldsOf<Shape>(document: unknown): Unchecked<Shape> {
  return typeof document === "object" && document !== null ? document : {};
}
