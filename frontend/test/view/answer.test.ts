import { beforeEach, expect, it, vi } from "vitest";
import { AnswerView } from "../../src/view/answer";
import type { State, Verdict } from "../../src/view/verdict";

class Part {
  readonly dataset: Record<string, string> = {};
  textContent = "";

  querySelector(selector: string): Part {
    return selector === "#retry" ? retry : new Part();
  }

  querySelectorAll(): Part[] {
    return [];
  }

  setAttribute(): void {}

  focus(): void {
    page.activeElement = this;
  }
}

const retry = new Part();
const paper = new Part();
const page = { activeElement: retry, getElementById: () => paper };

let view: AnswerView;

beforeEach(() => {
  vi.stubGlobal("document", page);
  vi.stubGlobal("HTMLCanvasElement", Part);
  retry.focus();
  view = new AnswerView(new Part() as unknown as HTMLElement, () => {});
});

function show(state: State): void {
  const verdict: Verdict = { state, sign: "", headline: "", detail: "", probabilities: [] };
  view.show(verdict);
}

it("gives the focus of the button that goes to the paper", () => {
  show("answer");
  expect(page.activeElement).toBe(paper);
});

it("leaves the focus where the button stays, and where it is not the button's", () => {
  show("error");
  expect(page.activeElement).toBe(retry);
  const elsewhere = new Part();
  elsewhere.focus();
  show("answer");
  expect(page.activeElement).toBe(elsewhere);
});
