import type { Ink } from "../ink/compact";
import { paintDrawing } from "../ink/paint";

const PIXELS = 128;

/** A button with a small picture of a drawing. Its label says what it does. */
export function thumbnailButton(ink: Ink, side: number, label: string, onClick: () => void) {
  const canvas = document.createElement("canvas");
  canvas.width = PIXELS;
  canvas.height = PIXELS;
  const pen = canvas.getContext("2d", { alpha: false });
  pen?.scale(PIXELS / side, PIXELS / side);
  if (pen) paintDrawing(pen, side, ink.strokes, ink.lineWidth);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "thumbnail";
  button.setAttribute("aria-label", label);
  button.title = label;
  button.append(canvas);
  button.addEventListener("click", onClick);
  return button;
}
