import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listFiles } from "../vite.config";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drawn-digits-"));
  mkdirSync(`${folder}/out/assets`, { recursive: true });
  mkdirSync(`${folder}/public`);
  writeFileSync(`${folder}/out/assets/main-1.js`, "");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The service worker of a build with this icon. */
function filledWith(icon: string): string {
  writeFileSync(`${folder}/public/icon.png`, icon);
  writeFileSync(`${folder}/out/service-worker.js`, 'f("__FILES__", "__VERSION__")');
  const { closeBundle } = listFiles(`${folder}/out`, `${folder}/public`);
  (closeBundle as () => void)();
  return readFileSync(`${folder}/out/service-worker.js`, "utf8");
}

it("lists the files that the service worker keeps", () => {
  expect(filledWith("a")).toContain(String.raw`f("[\"icon.png\",\"static/assets/main-1.js\"]", "`);
});

it("gives a version that changes with what names without a hash hold", () => {
  expect(filledWith("a")).toBe(filledWith("a"));
  expect(filledWith("a")).not.toBe(filledWith("b"));
});
