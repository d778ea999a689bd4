import { FARTHEST } from "../ink/compact";
import { PLAIN_PRESSURE, type Point } from "../ink/drawing";

export interface StrokeListener {
  /** Whether a stroke was begun and not ended. */
  readonly isPenDown: boolean;
  /** Pen down; false refuses the stroke. */
  begin(point: Point): boolean;
  extend(points: readonly Point[]): void;
  end(): void;
  /** Takes the last change back: while a stroke is drawn, this stroke. */
  undo(): void;
}

/**
 * Turns pointer events on the canvas into strokes. Only the pointer that began a stroke goes on
 * with it; capture keeps it when it leaves the canvas. A hand that lies down before its pen makes
 * way for it, and so does its blot.
 */
export function listenToPen(canvas: HTMLCanvasElement, side: number, listener: StrokeListener) {
  let active: PointerEvent | null = null; // how the stroke began

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (active?.pointerType === "touch" && event.pointerType === "pen") {
      active = null;
      if (listener.isPenDown) listener.undo(); // an eraser has no stroke
    }
    if (active !== null || !listener.begin(pointOf(event, canvas, side))) return;
    active = event;
    canvas.setPointerCapture(event.pointerId);
  });

  const move = (event: PointerEvent) => {
    if (event.pointerId !== active?.pointerId) return;
    listener.extend(samplesOf(event).map((sample) => pointOf(sample, canvas, side)));
  };
  // Browsers hold pointermove back until the next frame. Where they hand over raw events too
  // (Chromium, over HTTPS), the answer comes up to a frame sooner.
  const kind = "onpointerrawupdate" in canvas ? "pointerrawupdate" : "pointermove";
  canvas.addEventListener(kind, (event) => move(event as PointerEvent));

  const end = (event: PointerEvent) => {
    if (event.pointerId !== active?.pointerId) return;
    active = null;
    listener.end();
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("lostpointercapture", end);
}

/** All positions since the last event; browsers hand over one event per frame. */
function samplesOf(event: PointerEvent): readonly PointerEvent[] {
  // Missing on pages that came over plain HTTP from another machine.
  const samples = event.getCoalescedEvents?.() ?? [];
  return samples.length > 0 ? samples : [event];
}

function pointOf(event: PointerEvent, canvas: HTMLCanvasElement, side: number): Point {
  const box = canvas.getBoundingClientRect();
  return {
    x: toCanvas(event.clientX - box.left, box.width, side),
    y: toCanvas(event.clientY - box.top, box.height, side),
    time: Math.round(event.timeStamp),
    pressure: rounded(pressureOf(event)),
  };
}

/** Not farther off the paper than is read again: the pointer may leave for another screen. */
function toCanvas(pixels: number, width: number, side: number): number {
  const farthest = FARTHEST * side;
  return rounded(Math.min(Math.max((pixels * side) / width, -farthest), farthest));
}

/** Mouse and finger report a constant or noise (0, 0.5 or 1); only a pen measures its force. */
function pressureOf(event: PointerEvent): number {
  return event.pointerType === "pen" && event.pressure > 0 ? event.pressure : PLAIN_PRESSURE;
}

/** Two decimals are finer than any screen and keep requests small. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
