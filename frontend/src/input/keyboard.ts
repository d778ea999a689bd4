import { PLAIN_PRESSURE, type Place } from "../ink/drawing";
import { say } from "../language/language";
import { write } from "../view/page";
import type { StrokeListener } from "./pointer";

const STEP = 10; // canvas units
const SMALL_STEP = 2;
const ARROWS: Readonly<Record<string, Place>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** What the keyboard's pen is shown and told with. */
export interface KeyboardPenParts {
  /** Lies over the paper, where the pen is. */
  readonly cursor: HTMLElement;
  /** Says to screen readers whether the pen is down, and where. */
  readonly status: HTMLElement;
}

/**
 * Draws with the keys while the canvas has the focus: arrows move the pen, two at a time go
 * aslant, space sets it down and lifts it.
 */
export function listenToKeys(
  canvas: HTMLCanvasElement,
  side: number,
  { cursor, status }: KeyboardPenParts,
  listener: StrokeListener,
): void {
  const held = new Set<string>();
  let place: Place = { x: side / 2, y: side / 4 };
  let isDown = false;
  let isStroke = false; // what it draws; the eraser draws none
  let pointer = -1; // the newest on the canvas; one that draws is captured

  const show = () => {
    cursor.hidden = false;
    cursor.classList.toggle("down", isDown);
    cursor.style.left = `${(100 * place.x) / side}%`;
    cursor.style.top = `${(100 * place.y) / side}%`;
  };
  const lift = () => {
    if (isDown) listener.end();
    isDown = isStroke = false;
    cursor.classList.remove("down");
  };
  const toggle = (time: number) => {
    if (isDown) lift();
    else isDown = listener.begin({ ...place, time, pressure: PLAIN_PRESSURE });
    isStroke = isDown && listener.isPenDown;
    const [column, row] = [place.x, place.y].map((value) => Math.round(value / STEP));
    const key = isDown || listener.isPenDown ? "paper.pen-down" : "paper.pen-up";
    write(status, say(key, { column, row, rows: side / STEP }));
  };
  const move = (step: number, time: number) => {
    const arrows = [...held].map((key) => ARROWS[key] ?? { x: 0, y: 0 });
    const along = (axis: "x" | "y") =>
      clamp(place[axis] + step * arrows.reduce((sum, arrow) => sum + arrow[axis], 0), side);
    place = { x: along("x"), y: along("y") };
    if (isDown) listener.extend([{ ...place, time, pressure: PLAIN_PRESSURE }]);
  };

  canvas.addEventListener("keydown", (event) => {
    const { key, shiftKey, timeStamp } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return lift(); // undo, paste ...
    if (isStroke && !listener.isPenDown) lift(); // ended elsewhere: a picture was dropped ...
    if (key in ARROWS) {
      held.add(key);
      move(shiftKey ? SMALL_STEP : STEP, timeStamp);
    } else if (key !== " ") return;
    else if (!event.repeat && !canvas.hasPointerCapture(pointer)) toggle(timeStamp);
    event.preventDefault(); // the page would scroll
    show();
  });
  canvas.addEventListener("keyup", ({ key }) => held.delete(key));
  canvas.addEventListener("blur", () => {
    held.clear();
    cursor.hidden = true;
    lift();
  });
  const makeWay = ({ pointerId }: PointerEvent) => {
    lift();
    pointer = pointerId;
  };
  canvas.addEventListener("pointerdown", makeWay, { capture: true });
  addEventListener("hashchange", lift);
}

function clamp(value: number, side: number): number {
  return Math.min(side, Math.max(0, value));
}
