import "./styles.scss";
import { AnswerView } from "./answer";
import { NoAnswer, predict } from "./api";
import { CanvasView } from "./canvas";
import { Drawing, type Point } from "./drawing";
import { messages } from "./messages";
import { Newest } from "./newest";
import { listenToPen } from "./pointer";
import { failure, invite, judge, nothingDrawn, type Verdict } from "./verdict";

const canvas = element("paper", HTMLCanvasElement);
const slider = element("line-width", HTMLInputElement);
const facts = readFacts(canvas);
const drawing = new Drawing(facts.limits);
const view = new CanvasView(canvas, facts.side);
const answer = new AnswerView(element("answer", HTMLElement));
const newest = new Newest();

view.onResize(repaint);
listenToPen(canvas, facts.side, { begin, extend, end: ask });
slider.addEventListener("input", changeLineWidth);
slider.addEventListener("change", () => drawing.isEmpty || ask());
element("predict", HTMLButtonElement).addEventListener("click", ask);
element("retry", HTMLButtonElement).addEventListener("click", ask);
element("clear", HTMLButtonElement).addEventListener("click", clear);
changeLineWidth();

function begin(point: Point): boolean {
  const begun = drawing.begin(point);
  if (begun) paintNewest(0);
  else answer.show(failure(messages.full, ""));
  return begun;
}

function extend(points: readonly Point[]): void {
  const painted = drawing.strokes.at(-1)?.length ?? 0;
  for (const point of points) drawing.extend(point);
  paintNewest(painted);
}

function ask(): void {
  if (drawing.isEmpty) {
    answer.show(nothingDrawn());
    return;
  }
  answer.wait();
  void newest.run(answerDrawing).then((verdict) => {
    if (verdict !== undefined) answer.show(verdict);
  });
}

async function answerDrawing(signal: AbortSignal): Promise<Verdict> {
  const { strokes } = drawing;
  const frame = { width: facts.side, height: facts.side, line_width: lineWidth() };
  try {
    const result = await predict(facts.url, { strokes, ...frame }, signal);
    return result === "nothing-drawn" ? nothingDrawn() : judge(result);
  } catch (error) {
    if (error instanceof NoAnswer) return failure(error.message, messages.tryAgain);
    throw error;
  }
}

function clear(): void {
  newest.cancel();
  drawing.clear();
  repaint();
  answer.show(invite());
}

function changeLineWidth(): void {
  element("line-width-value", HTMLElement).textContent = slider.value;
  repaint();
}

function repaint(): void {
  view.paint(drawing.strokes, lineWidth());
}

function paintNewest(first: number): void {
  view.paintFrom(drawing.strokes.at(-1) ?? [], first, lineWidth());
}

function lineWidth(): number {
  return slider.valueAsNumber;
}

/** What the server wrote into the page, so that it is not typed twice. */
function readFacts({ dataset }: HTMLElement) {
  return {
    url: dataset["url"] ?? "",
    side: Number(dataset["side"]),
    limits: { strokes: Number(dataset["strokes"]), points: Number(dataset["points"]) },
  };
}

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`);
  return found;
}
