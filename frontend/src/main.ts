import "./styles.scss";
import { AnswerView } from "./answer";
import { Asking } from "./asking";
import { CanvasView } from "./canvas";
import { Device, type DeviceState } from "./device";
import { Drawing, type Point } from "./drawing";
import { messages } from "./messages";
import { keepForOffline } from "./offline";
import { element, readFacts } from "./page";
import { Picture } from "./picture";
import { listenToPen } from "./pointer";
import { NoAnswer, type Reading } from "./prediction";
import { askServer } from "./server";
import { showProgress } from "./source";
import { Toolbar } from "./tools";
import { failure, invite, judge, nothingDrawn, type Verdict } from "./verdict";
import { WhyView } from "./why";

/** Canvas units around the pointer; a finger is no needle. */
const ERASER_RADIUS = 6;

const canvas = element("paper", HTMLCanvasElement);
const slider = element("line-width", HTMLInputElement);
const facts = readFacts(canvas);
const drawing = new Drawing(facts.limits);
const view = new CanvasView(canvas, facts.side);
const picture = new Picture(facts.side);
const answer = new AnswerView(element("answer", HTMLElement), (digit) => why.pick(digit));
const why = new WhyView(facts.side, (digit) => answer.mark(digit));
const worker = new Worker(new URL("./model.worker.ts", import.meta.url), { type: "module" });
const device = new Device(worker, facts.digitThreshold, deviceChanged);
const server = (asked: Picture, signal: AbortSignal) =>
  askServer(facts.predictionsUrl, asked, signal);
const asking = new Asking(picture, device, server, { wait: () => answer.wait(), show });
const toolbar = new Toolbar({ undo, redo, clear });
const serverSwitch = document.querySelector<HTMLInputElement>("#server-allowed");

view.onResize(() => view.paint(drawing.strokes, slider.valueAsNumber));
listenToPen(canvas, facts.side, { begin, extend, end: ask });
slider.addEventListener("input", changeLineWidth);
slider.addEventListener("change", () => drawing.isEmpty || ask());
serverSwitch?.addEventListener("change", allowServer);
element("retry", HTMLButtonElement).addEventListener("click", ask);
changeLineWidth();
toolbar.update(drawing);
allowServer();
afterFirstPaint(() => device.load(facts.model));

function begin(point: Point): boolean {
  if (toolbar.tool === "eraser") return erase([point]);
  const begun = drawing.begin(point);
  if (begun) paintNewest(0);
  else answer.show(failure(messages.full, ""));
  return begun;
}

function extend(points: readonly Point[]): void {
  if (toolbar.tool === "eraser") {
    erase(points);
    return;
  }
  const painted = drawing.strokes.at(-1)?.length ?? 0;
  for (const point of points) drawing.extend(point);
  paintNewest(painted);
}

/** Always true: the eraser may go on from where nothing is. */
function erase(points: readonly Point[]): true {
  const reach = slider.valueAsNumber / 2 + ERASER_RADIUS;
  const erased = points.filter((point) => drawing.erase(point, reach));
  if (erased.length > 0) changed();
  return true;
}

function paintNewest(first: number): void {
  const newest = drawing.strokes.at(-1) ?? [];
  view.paintFrom(newest, first, slider.valueAsNumber);
  picture.paintFrom(newest, first, slider.valueAsNumber);
  asking.follow();
}

function ask(): void {
  toolbar.update(drawing);
  if (drawing.isEmpty) empty();
  else asking.ask();
}

function undo(): void {
  drawing.undo();
  changed();
}

function redo(): void {
  drawing.redo();
  changed();
}

function clear(): void {
  drawing.clear();
  changed();
}

function changed(): void {
  repaint();
  ask();
}

function empty(): void {
  asking.cancel();
  answer.show(invite());
  why.show(undefined);
}

function changeLineWidth(): void {
  element("line-width-value", HTMLElement).textContent = slider.value;
  repaint();
  if (!drawing.isEmpty) asking.follow();
}

function repaint(): void {
  view.paint(drawing.strokes, slider.valueAsNumber);
  picture.paint(drawing.strokes, slider.valueAsNumber);
}

function allowServer(): void {
  asking.serverIsAllowed = serverSwitch?.checked ?? false; // no switch: the page has no server
  asking.deviceChanged();
}

function deviceChanged(state: DeviceState, share: number): void {
  showProgress(state, share);
  if (state !== "loading") asking.deviceChanged();
  if (state === "ready") keepForOffline();
}

function show(result: Reading | NoAnswer, isFinal: boolean): void {
  answer.show(toVerdict(result), isFinal);
  why.show(result instanceof NoAnswer ? undefined : result);
}

function toVerdict(result: Reading | NoAnswer): Verdict {
  if (result instanceof NoAnswer) return failure(result.message, messages.tryAgain);
  const { answer, source, milliseconds } = result;
  const verdict = answer === "nothing-drawn" ? nothingDrawn() : judge(answer);
  return { ...verdict, origin: messages.origin[source](milliseconds) };
}

/** The page is there first; only then the model is fetched. */
function afterFirstPaint(task: () => void): void {
  requestAnimationFrame(() => setTimeout(task));
}
