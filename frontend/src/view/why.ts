import { contain } from "../ink/paint";
import { say } from "../language/language";
import type { Insight, Reading } from "../model/prediction";
import { type EvidenceMap, evidenceFor } from "./evidence";
import { element, write } from "./page";

const FOR = [30, 90, 220];
const AGAINST = [230, 110, 0];
const DENSEST = 0.7; // of the tint, so that the line below stays visible
const LEAST_SIGN = 0.12; // weaker evidence gets no sign
const SEEN_SIDE = 28;

/**
 * Shows, on demand, why: the evidence for a digit painted over the drawing, and what the network
 * saw. It follows the drawing as long as it is open.
 */
export class WhyView {
  readonly #side: number;
  readonly #onDigit: (digit: number | undefined) => void;
  readonly #button = element("why", HTMLButtonElement);
  readonly #overlay = element("evidence", HTMLCanvasElement);
  readonly #seen = element("seen", HTMLCanvasElement);
  readonly #legend = element("legend", HTMLElement);
  #open: "answer" | number | undefined;
  #reading: Reading | undefined;

  /** `onDigit` hears whose evidence is shown. */
  constructor(side: number, onDigit: (digit: number | undefined) => void) {
    this.#side = side;
    this.#onDigit = onDigit;
    this.#button.addEventListener("click", () => this.#toggle(this.#open ?? "answer"));
  }

  /** The reading on the page; none where nothing is drawn or nobody answered. */
  show(reading: Reading | undefined): void {
    this.#reading = reading;
    this.#update();
  }

  /** This digit's evidence; none where it is the one that is shown. */
  pick(digit: number): void {
    this.#toggle(digit);
  }

  /** Its words, in the language that the page speaks now. */
  translate(): void {
    this.#update();
  }

  #toggle(what: "answer" | number): void {
    this.#open = this.#open === what ? undefined : what;
    this.#update();
  }

  #update(): void {
    const insight = this.#reading?.insight;
    const digit = this.#digit();
    const isShown = insight !== undefined && digit !== undefined;
    this.#button.setAttribute("aria-pressed", String(this.#open !== undefined));
    this.#legend.hidden = this.#open === undefined;
    this.#seen.hidden = !isShown;
    this.#overlay.hidden = !isShown;
    this.#onDigit(isShown ? digit : undefined);
    if (isShown) this.#paint(insight, digit);
    write(this.#legend, isShown ? say("why.evidence", { digit }) : this.#excuse());
  }

  /** Whose evidence is asked for; undefined where no digit was read. */
  #digit(): number | undefined {
    const answer = this.#reading?.answer;
    if (answer === undefined || answer === "nothing-drawn") return undefined;
    return this.#open === "answer" ? answer.digit : this.#open;
  }

  #excuse(): string {
    const isRead = this.#digit() !== undefined;
    return isRead ? say("why.missing") : say("why.needs-drawing");
  }

  #paint(insight: Insight, digit: number): void {
    const pixels = Math.round(this.#overlay.clientWidth * window.devicePixelRatio);
    this.#overlay.width = pixels; // clears it
    this.#overlay.height = pixels;
    const pen = context(this.#overlay);
    pen.scale(pixels / this.#side, pixels / this.#side);
    const paper = contain(insight, this.#side);
    pen.translate(paper.left, paper.top);
    pen.scale(paper.scale, paper.scale);
    const [left = 0, top = 0, width = 0, height = 0] = insight.placement;
    pen.translate(left, top);
    const map = evidenceFor(insight, digit);
    pen.drawImage(tintOf(map), 0, 0, width, height);
    pen.scale(width / map.places, height / map.places);
    paintSigns(pen, map);
    paintSeen(context(this.#seen), insight.ink);
  }
}

/** A pixel a place; the browser makes it smooth when it is drawn larger. */
function tintOf({ strength, places }: EvidenceMap): OffscreenCanvas {
  const canvas = new OffscreenCanvas(places, places);
  const image = new ImageData(places, places);
  strength.forEach((value, i) => {
    image.data.set([...(value > 0 ? FOR : AGAINST), 255 * DENSEST * Math.abs(value)], 4 * i);
  });
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

/** Plus and minus, the longer the stronger: colour is not the only sign. A unit is a place. */
function paintSigns(pen: CanvasRenderingContext2D, { strength, places }: EvidenceMap): void {
  strength.forEach((value, i) => {
    if (Math.abs(value) < LEAST_SIGN) return;
    const [x, y] = [(i % places) + 0.5, Math.floor(i / places) + 0.5];
    const half = 0.1 + 0.2 * Math.abs(value);
    pen.beginPath();
    pen.moveTo(x - half, y);
    pen.lineTo(x + half, y);
    if (value > 0) {
      pen.moveTo(x, y - half);
      pen.lineTo(x, y + half);
    }
    for (const [style, width] of [
      ["#fff", 0.16],
      [`rgb(${value > 0 ? FOR : AGAINST})`, 0.08],
    ] as const) {
      pen.strokeStyle = style;
      pen.lineWidth = width;
      pen.stroke();
    }
  });
}

function paintSeen(pen: CanvasRenderingContext2D, ink: Float32Array): void {
  const image = new ImageData(SEEN_SIDE, SEEN_SIDE);
  ink.forEach((value, i) => {
    const grey = 255 * (1 - value);
    image.data.set([grey, grey, grey, 255], 4 * i);
  });
  pen.putImageData(image, 0, 0);
}

function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("This browser has no 2D canvas.");
  return pen;
}
