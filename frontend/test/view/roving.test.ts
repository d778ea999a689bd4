import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { rove } from "../../src/view/roving";

class Control extends EventTarget {
  tabIndex = 0;

  focus(): void {
    this.dispatchEvent(new Event("focus"));
  }
}

let controls: Control[];

beforeEach(() => {
  controls = [new Control(), new Control(), new Control()];
  rove(controls as unknown as HTMLElement[]);
});
afterEach(() => vi.unstubAllGlobals());

/** Which control is the tab stop after these keys. */
function stopAfter(direction: string, ...keys: string[]): number {
  vi.stubGlobal("getComputedStyle", () => ({ direction }));
  const stop = () => controls.findIndex(({ tabIndex }) => tabIndex === 0);
  for (const key of keys) {
    controls[stop()]?.dispatchEvent(Object.assign(new Event("keydown"), { key }));
  }
  return stop();
}

it("goes the way that the arrow points", () => {
  expect(stopAfter("ltr", "ArrowRight", "ArrowRight")).toBe(2);
  expect(stopAfter("ltr", "ArrowLeft")).toBe(1);
});

it("goes the way that the arrow points from right to left too", () => {
  expect(stopAfter("rtl", "ArrowLeft", "ArrowLeft")).toBe(2);
  expect(stopAfter("rtl", "ArrowRight")).toBe(1);
  expect(stopAfter("rtl", "ArrowDown")).toBe(2);
  expect(stopAfter("rtl", "Home")).toBe(0);
});
