import { beforeEach, expect, it, vi } from "vitest";
import { listenToKeys } from "../../src/input/keyboard";
import { listenToPen } from "../../src/input/pointer";
import { Paper, Strokes } from "./paper";

const MOUSE = { pointerId: 1, pointerType: "mouse", button: 0, clientX: 10, clientY: 0 };

let paper: Paper;
let drawn: Strokes;
let cursor: Set<string>; // its classes
const status = { textContent: "" };

beforeEach(() => {
  vi.stubGlobal("addEventListener", () => {});
  paper = new Paper();
  drawn = new Strokes();
  cursor = new Set();
  const classList = {
    toggle: (name: string, is: boolean) => (is ? cursor.add(name) : cursor.delete(name)),
    remove: (name: string) => cursor.delete(name),
  };
  const canvas = paper as unknown as HTMLCanvasElement;
  const parts = {
    cursor: { classList, style: {} } as unknown as HTMLElement,
    status: status as HTMLElement,
  };
  listenToPen(canvas, 280, drawn);
  listenToKeys(canvas, 280, parts, drawn);
});

function press(...keys: string[]): void {
  for (const key of keys) {
    paper.hear("keydown", { key });
    paper.hear("keyup", { key });
  }
}

it("says that the eraser is down when it is", () => {
  drawn.isEraser = true;
  press(" ");
  expect(status.textContent).toContain("Pen down");
  press("ArrowRight", " ");
  expect(status.textContent).toContain("Pen up");
});

it("stays up while the mouse draws", () => {
  paper.hear("pointerdown", MOUSE);
  press(" ", "ArrowRight");
  expect(drawn.strokes).toEqual([[10]]);
  expect([...cursor]).toEqual([]);
  paper.hear("pointerup", MOUSE);
  press(" ", "ArrowRight");
  expect(drawn.strokes).toEqual([[10], [150, 160]]);
});

it("is up once its stroke was ended elsewhere", () => {
  press(" ", "ArrowRight");
  drawn.end();
  press("ArrowRight");
  expect([...cursor]).toEqual([]);
  press(" ");
  expect(drawn.strokes).toEqual([[140, 150], [160]]);
});
