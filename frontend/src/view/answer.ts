import { percent, say } from "../language/language";
import { element, write } from "./page";
import { rove } from "./roving";
import type { Verdict } from "./verdict";

/** Shows verdicts in the answer panel that the template laid out. */
export class AnswerView {
  readonly #panel: HTMLElement;
  readonly #sign: HTMLElement;
  readonly #headline: HTMLElement;
  readonly #detail: HTMLElement;
  readonly #origin: HTMLElement;
  readonly #retry: HTMLElement;
  readonly #spoken: HTMLElement;
  readonly #bars: readonly HTMLElement[];

  /** `onPick` hears which digit's bar was pressed. */
  constructor(panel: HTMLElement, onPick: (digit: number) => void) {
    this.#panel = panel;
    this.#sign = part(panel, ".sign");
    this.#headline = part(panel, ".headline");
    this.#detail = part(panel, ".detail");
    this.#origin = part(panel, ".origin");
    this.#retry = part(panel, "#retry");
    this.#spoken = part(panel, "[role=status]");
    this.#bars = [...panel.querySelectorAll<HTMLElement>(".bar")];
    this.#bars.forEach((bar, digit) => {
      bar.addEventListener("click", () => onPick(digit));
    });
    rove(this.#bars);
    this.translate();
  }

  /** What the bars are called, in the language of the page. */
  translate(): void {
    this.#bars.forEach((bar, digit) => {
      bar.title = say("why.pick", { digit });
    });
  }

  /** An answer is on its way; the last one stays until then. */
  wait(): void {
    this.#panel.setAttribute("aria-busy", "true");
  }

  /** Marks the bar of the digit whose evidence is shown. */
  mark(digit: number | undefined): void {
    this.#bars.forEach((bar, i) => {
      bar.setAttribute("aria-pressed", String(i === digit));
    });
  }

  /** `isFinal`: the pen is up, so screen readers are told; while it moves they are not. */
  show(verdict: Verdict, isFinal = true): void {
    if (verdict.state !== "error") this.#leaveRetry();
    this.#panel.dataset["state"] = verdict.state;
    write(this.#sign, verdict.sign);
    write(this.#headline, verdict.headline);
    write(this.#detail, verdict.detail);
    write(this.#origin, verdict.origin ?? "");
    this.#bars.forEach((bar, digit) => {
      showShare(bar, verdict.probabilities[digit] ?? 0, verdict.sign === String(digit));
    });
    if (!isFinal) return;
    write(this.#spoken, `${verdict.headline} ${verdict.detail}`);
    this.#panel.setAttribute("aria-busy", "false");
  }

  /** Only errors have this button; hidden, it would take the focus with it. */
  #leaveRetry(): void {
    if (document.activeElement === this.#retry) element("paper", HTMLCanvasElement).focus();
  }
}

function showShare(bar: HTMLElement, share: number, isBest: boolean): void {
  bar.classList.toggle("best", isBest);
  bar.style.setProperty("--share", share.toFixed(4));
  write(part(bar, ".share"), percent(share));
}

function part(parent: HTMLElement, selector: string): HTMLElement {
  const element = parent.querySelector<HTMLElement>(selector);
  if (element === null) throw new Error(`The page has no ${selector}.`);
  return element;
}
