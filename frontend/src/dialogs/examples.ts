import { fromSteps, type Ink } from "../ink/compact";
import type { DrawingLimits } from "../ink/drawing";
import { type Key, say } from "../language/language";
import { element } from "../view/page";
import { thumbnailButton } from "../view/thumbnail";
import { wireDialog } from "./dialogs";
import examples from "./examples.json";

/** The dialog with drawings to begin with, made by the authors: habits of writing, and no digit. */
export function wireExamples(side: number, limits: DrawingLimits, open: (ink: Ink) => void): void {
  const list = element("examples-list", HTMLUListElement);
  const dialog = wireDialog("examples", fill);

  function fill(): void {
    list.replaceChildren(...examples.map(({ text, ink }) => toItem(text as Key, ink)));
  }

  function toItem(text: Key, steps: unknown): HTMLLIElement {
    const ink = fromSteps(steps, side, limits);
    const item = document.createElement("li");
    item.append(thumbnailButton(ink, side, say(text), () => leave(ink)));
    return item;
  }

  function leave(ink: Ink): void {
    dialog.close();
    open(ink);
  }
}
