import type { DrawingLimits } from "../ink/drawing";
import type { PhotoLimits } from "../ink/photo";
import type { ModelFacts } from "../model/model-messages";

/** What the server wrote into the page, so that it is not typed twice. */
export interface Facts {
  readonly predictionsUrl: string;
  /** Of the canvas, in its own units, and of the picture that is answered, in pixels. */
  readonly side: number;
  readonly limits: DrawingLimits;
  readonly photoLimits: PhotoLimits;
  readonly model: ModelFacts;
  /** Below this `digit_probability` the page says "not a digit". */
  readonly digitThreshold: number;
}

export function readFacts({ dataset }: HTMLElement): Facts {
  const number = (name: string) => Number(dataset[name]);
  const text = (name: string) => dataset[name] ?? "";
  return {
    predictionsUrl: text("predictionsUrl"),
    side: number("side"),
    limits: { strokes: number("strokes"), points: number("points") },
    photoLimits: { longest: number("longest"), shortest: number("shortest") },
    model: { url: new URL(text("model"), document.baseURI).href, bytes: number("modelBytes") },
    digitThreshold: number("digitThreshold"),
  };
}

/** The element of this type that the template gave this id. */
export function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`);
  return found;
}

/** Writing the same text again would make screen readers speak again. */
export function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** What lies behind an open dialog must not change. */
export function isDialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
