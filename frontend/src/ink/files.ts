import type { components } from "../api";
import type { Ink } from "./compact";
import { type Point, type Stroke, widthAt } from "./drawing";

/** The API's own form, which `drawn-digits predict` reads too. */
export function toJson({ strokes, lineWidth }: Ink, side: number): string {
  const drawing: components["schemas"]["Strokes"] = {
    width: side,
    height: side,
    line_width: lineWidth,
    strokes: strokes.map((stroke) => stroke.map((point) => ({ ...point }))),
  };
  return JSON.stringify(drawing);
}

/** A vector picture of the drawing on white paper. */
export function toSvg({ strokes, lineWidth }: Ink, side: number): string {
  const lines = strokes.flatMap((stroke) => toLines(stroke, lineWidth));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}">`,
    `<rect width="${side}" height="${side}" fill="#fff"/>`,
    '<g fill="none" stroke="#000" stroke-linecap="round" stroke-linejoin="round">',
    ...lines,
    "</g></svg>\n",
  ].join("\n");
}

/** One line for each run of points with the same pressure: only pens have more than one. */
function toLines(stroke: Stroke, lineWidth: number): string[] {
  const lines: string[] = [];
  let run: Point[] = [];
  stroke.forEach((point, i) => {
    run.push(point);
    const next = stroke[i + 1];
    if (next !== undefined && next.pressure === point.pressure) return;
    lines.push(toLine(next === undefined ? run : [...run, next], widthAt(point, lineWidth)));
    run = [];
  });
  return lines;
}

function toLine(points: readonly Point[], width: number): string {
  const [first] = points;
  // A dot is a line to where it began.
  const places = points.length === 1 && first !== undefined ? [first, first] : points;
  const list = places.map(({ x, y }) => `${x},${y}`).join(" ");
  return `<polyline points="${list}" stroke-width="${width}"/>`;
}

/** Hands a file to the visitor, as their browser keeps downloads. */
export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // the browser reads it meanwhile
}
