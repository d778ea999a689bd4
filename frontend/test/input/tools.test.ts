import { expect, it } from "vitest";
import { shortcut } from "../../src/input/tools";

function pressed(key: string, code: string, more: Partial<KeyboardEvent> = {}) {
  return shortcut({ ctrlKey: true, key, code, ...more } as KeyboardEvent);
}

it.each([
  ["Latin", "z", "y"],
  ["Cyrillic", "я", "н"],
  ["Arabic", "ئ", "غ"],
])("undoes and does again with a %s layout", (_, z, y) => {
  expect(pressed(z, "KeyZ")).toBe("undo");
  expect(pressed(z.toUpperCase(), "KeyZ", { shiftKey: true })).toBe("redo");
  expect(pressed(y, "KeyY")).toBe("redo");
  expect(pressed("ф", "KeyA")).toBeUndefined();
});

it("goes by the letter where Latin letters lie elsewhere", () => {
  expect(pressed("z", "KeyY")).toBe("undo");
  expect(pressed("w", "KeyZ")).toBeUndefined();
});
