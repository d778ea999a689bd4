import "./styles.scss";
import { wireExamples } from "./dialogs/examples";
import { wireMyDrawings } from "./dialogs/my-drawings";
import { wireSharing } from "./dialogs/sharing";
import { KeptDrawings } from "./ink/kept";
import { fromFragment, holdsDrawing } from "./ink/link";
import { wireCamera } from "./input/camera";
import { listenToKeys } from "./input/keyboard";
import { wirePictureFiles } from "./input/picture-files";
import { listenToPen } from "./input/pointer";
import { Toolbar } from "./input/tools";
import { translatePage } from "./language/translation";
import { Device, type DeviceState } from "./model/device";
import { askServer } from "./model/server";
import { keepForOffline } from "./offline";
import { Session } from "./session";
import { AnswerView } from "./view/answer";
import { CanvasView } from "./view/canvas";
import { element, readFacts } from "./view/page";
import { showProgress } from "./view/source";
import { WhyView } from "./view/why";

const canvas = element("paper", HTMLCanvasElement);
const slider = element("line-width", HTMLInputElement);
const serverSwitch = document.querySelector<HTMLInputElement>("#server-allowed");
const facts = readFacts(canvas);
const { side, limits, photoLimits } = facts;

const answer = new AnswerView(element("answer", HTMLElement), (digit) => why.pick(digit));
const why = new WhyView(side, (digit) => answer.mark(digit));
const device = new Device(startWorker, facts.digitThreshold, deviceChanged);
const kept = new KeptDrawings(side, limits);
const session = new Session(side, limits, slider.valueAsNumber, {
  view: new CanvasView(canvas, side),
  answer,
  why,
  device,
  server: (picture, signal) => askServer(facts.predictionsUrl, picture, signal),
  kept,
  showLineWidth,
});
session.useToolbar(new Toolbar(session));

const keyboardPen = {
  cursor: element("cursor", HTMLElement),
  status: element("pen-status", HTMLElement),
};
listenToPen(canvas, side, session);
listenToKeys(canvas, side, keyboardPen, session);
wirePictureFiles(photoLimits, session);
wireCamera(
  photoLimits,
  () => device.state === "ready",
  (photo) => session.bring(photo),
);
wireExamples(side, limits, (ink) => session.open(ink));
wireMyDrawings(kept, side, {
  open: ({ ink, begun }) => session.open(ink, begun),
  replay: ({ ink, begun }) => session.replay(ink, begun),
});
wireSharing(session, side);

slider.addEventListener("input", () => {
  showLineWidth(slider.valueAsNumber);
  session.setLineWidth(slider.valueAsNumber);
});
slider.addEventListener("change", () => session.isEmpty || session.ask());
serverSwitch?.addEventListener("change", allowServer);
element("retry", HTMLButtonElement).addEventListener("click", tryAgain);
addEventListener("online", () => device.load(facts.model));
addEventListener("hashchange", openLink);
showLineWidth(slider.valueAsNumber);
allowServer();
void translatePage(writeAnew);
void openLink();
afterFirstPaint(() => device.load(facts.model));

function showLineWidth(lineWidth: number): void {
  slider.value = String(lineWidth);
  element("line-width-value", HTMLElement).textContent = String(lineWidth);
}

function allowServer(): void {
  session.asking.allowServer(serverSwitch?.checked ?? false); // no switch: no server
}

function startWorker(): Worker {
  return new Worker(new URL("./model/model.worker.ts", import.meta.url), { type: "module" });
}

function tryAgain(): void {
  device.load(facts.model);
  session.ask();
}

function deviceChanged(state: DeviceState, share: number): void {
  showProgress(state, share);
  if (state !== "loading") session.asking.deviceChanged();
  if (state === "ready") keepForOffline();
}

/** The drawing that somebody sent, if the page's address holds one. */
async function openLink(): Promise<void> {
  const fragment = location.hash.slice(1);
  if (!holdsDrawing(fragment)) return;
  await session.openWhenRead(() => fromFragment(fragment, side, limits));
}

/** What TypeScript wrote, in the language that the page speaks now. */
function writeAnew(): void {
  answer.translate();
  why.translate();
  showProgress(device.state, device.share);
  session.speakAgain();
}

/** The page is there first; only then the model is fetched. */
function afterFirstPaint(task: () => void): void {
  requestAnimationFrame(() => setTimeout(task));
}
