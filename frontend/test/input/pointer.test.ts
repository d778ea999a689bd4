import { beforeEach, expect, it } from "vitest";
import { listenToPen } from "../../src/input/pointer";
import { Paper, Strokes } from "./paper";

const HAND = { pointerId: 1, pointerType: "touch", button: 0 };
const PEN = { pointerId: 2, pointerType: "pen", button: 0 };

let paper: Paper;
let drawn: Strokes;

beforeEach(() => {
  paper = new Paper();
  drawn = new Strokes();
  listenToPen(paper as unknown as HTMLCanvasElement, 280, drawn);
});

function down(pointer: object, clientX: number): void {
  paper.hear("pointerdown", { ...pointer, clientX, clientY: 0 });
}

function move(pointer: object, clientX: number): void {
  paper.hear("pointermove", { ...pointer, clientX, clientY: 0 });
}

it("lets a pen take the place of the hand that came first", () => {
  down(HAND, 10);
  move(HAND, 11);
  down(PEN, 100);
  move(HAND, 12);
  move(PEN, 110);
  paper.hear("lostpointercapture", HAND);
  move(PEN, 120);
  expect(drawn.strokes).toEqual([[100, 110, 120]]);
});

it("lets neither a hand nor a finger take the place of who draws", () => {
  down(PEN, 100);
  down(HAND, 10);
  paper.hear("pointerup", PEN);
  down({ ...HAND, pointerId: 3 }, 20);
  down({ ...HAND, pointerId: 4 }, 30);
  expect(drawn.strokes).toEqual([[100], [20]]);
});

it("goes no farther off the paper than is read again", () => {
  down(PEN, 100);
  move(PEN, 9_000);
  move(PEN, -9_000);
  expect(drawn.strokes).toEqual([[100, 2800, -2800]]);
});

it("takes nothing back where the hand held the eraser", () => {
  drawn.strokes.push([1]);
  drawn.isEraser = true;
  down(HAND, 10);
  down(PEN, 100);
  expect(drawn.strokes).toEqual([[1]]);
});
