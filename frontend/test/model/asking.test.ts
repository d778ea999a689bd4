import { beforeEach, expect, it, vi } from "vitest";
import type { Picture } from "../../src/ink/picture";
import { Asking, type Screen } from "../../src/model/asking";
import type { Device, DeviceState } from "../../src/model/device";
import { NoAnswer, type Reading } from "../../src/model/prediction";

const frames: (() => void)[] = [];
const picture = { width: 2, height: 2, pixels: () => new Uint8Array(4) } as unknown as Picture;
const shown: [Reading | NoAnswer, boolean][] = [];
const screen: Screen = { wait: () => {}, show: (result, isFinal) => shown.push([result, isFinal]) };
const reads: PromiseWithResolvers<Reading>[] = [];
const questions: PromiseWithResolvers<Reading>[] = [];
const signals: AbortSignal[] = [];
const device = { state: "ready" as DeviceState, read: () => pending(reads) };
let asking: Asking;

function pending(list: PromiseWithResolvers<Reading>[]): Promise<Reading> {
  list.push(Promise.withResolvers());
  return list.at(-1)?.promise as Promise<Reading>;
}

function reading(milliseconds: number): Reading {
  return { answer: "nothing-drawn", source: "device", milliseconds };
}

function askServer(_: Picture, signal: AbortSignal): Promise<Reading> {
  signals.push(signal);
  return pending(questions);
}

/** The model is still on its way, so the server is asked. */
function askWhileLoading(): void {
  device.state = "loading";
  asking.ask();
}

function becomes(state: DeviceState): void {
  device.state = state;
  asking.deviceChanged();
}

/** The browser's next frame, and everything that follows from it. */
async function frame(): Promise<void> {
  for (const callback of frames.splice(0)) callback();
  await settled();
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

beforeEach(() => {
  for (const list of [frames, shown, reads, questions, signals]) list.length = 0;
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => frames.push(callback));
  device.state = "ready";
  asking = new Asking(picture, device as unknown as Device, askServer, screen);
});

it("reads once a frame at most, however often the pen moves", async () => {
  asking.follow();
  expect(reads).toHaveLength(1); // at once
  reads[0]?.resolve(reading(1));
  await settled();
  for (let move = 0; move < 5; move++) asking.follow();
  expect(reads).toHaveLength(1);
  await frame();
  expect(reads).toHaveLength(2);
});

it("reads the newest drawing when the last answer is there, and never two at a time", async () => {
  asking.follow();
  await frame();
  asking.follow();
  await frame();
  expect(reads).toHaveLength(1);
  reads[0]?.resolve(reading(1));
  await settled();
  await frame();
  expect(reads).toHaveLength(2);
  expect(shown).toEqual([[reading(1), false]]);
});

it("calls an answer final only when the pen is up and nothing changed since", async () => {
  asking.follow();
  await frame();
  asking.ask();
  reads[0]?.resolve(reading(1));
  await settled();
  await frame();
  reads[1]?.resolve(reading(2));
  await settled();
  expect(shown).toEqual([
    [reading(1), false],
    [reading(2), true],
  ]);
});

it("shows no answer to a drawing that is gone", async () => {
  asking.ask();
  await frame();
  asking.cancel();
  reads[0]?.resolve(reading(1));
  await settled();
  expect(shown).toEqual([]);
});

it("asks the server, when the pen goes up, until the model is ready", async () => {
  device.state = "loading";
  asking.follow();
  await frame();
  expect(questions).toHaveLength(0);
  asking.ask();
  expect(questions).toHaveLength(1);
  questions[0]?.resolve({ ...reading(9), source: "server" });
  await settled();
  expect(shown).toEqual([[{ ...reading(9), source: "server" }, true]]);
  expect(reads).toHaveLength(0);
});

it("waits for the model where the server may not be asked", async () => {
  device.state = "loading";
  asking.allowServer(false);
  asking.ask();
  expect(questions).toHaveLength(0);
  becomes("ready");
  await frame();
  expect(reads).toHaveLength(1);
});

it("goes to the server where the device fails in the middle", async () => {
  asking.ask();
  await frame();
  device.state = "failed";
  reads[0]?.reject(new NoAnswer(() => "no memory"));
  await settled();
  expect(questions).toHaveLength(1);
});

it.each([
  ["failed", "The model does not run on this device, and no server may be asked."],
  ["unfetched", "The model could not be fetched."],
] as const)("says so where neither may answer: %s", (state, message) => {
  device.state = state;
  asking.allowServer(false);
  asking.ask();
  expect(shown).toEqual([[expect.objectContaining({ message }), true]]);
});

it("asks the device again where the server did not answer", async () => {
  askWhileLoading();
  questions[0]?.reject(new NoAnswer(() => "The server cannot be reached just now."));
  await settled();
  becomes("ready");
  await frame();
  expect(reads).toHaveLength(1);
});

it("asks the device as soon as it is ready, in place of a server that hangs", async () => {
  askWhileLoading();
  becomes("ready");
  expect(reads).toHaveLength(1);
  expect(signals[0]?.aborted).toBe(true);
  reads[0]?.resolve(reading(1));
  await settled();
  expect(shown).toEqual([[reading(1), true]]);
});

it("shows nothing of a server that fails when the device is ready", async () => {
  askWhileLoading();
  becomes("ready");
  questions[0]?.reject(new NoAnswer(() => "The server cannot be reached just now."));
  await settled();
  reads[0]?.resolve(reading(1));
  await settled();
  expect(shown).toEqual([[reading(1), true]]);
});

it("asks the server once where the device fails meanwhile", async () => {
  askWhileLoading();
  becomes("failed");
  questions[0]?.resolve(reading(9));
  await settled();
  expect(questions).toHaveLength(1);
  expect(shown).toEqual([[reading(9), true]]);
});

it("calls the server's answer final only where the pen did not go down again", async () => {
  askWhileLoading();
  asking.follow();
  questions[0]?.resolve(reading(9));
  await settled();
  becomes("ready");
  reads[0]?.resolve(reading(1));
  await settled();
  expect(shown).toEqual([
    [reading(9), false],
    [reading(1), false],
  ]);
});

it("asks the server no longer when it may not, and leaves the answer to the device", async () => {
  askWhileLoading();
  asking.allowServer(false);
  expect(signals[0]?.aborted).toBe(true);
  becomes("ready");
  expect(reads).toHaveLength(1);
  expect(questions).toHaveLength(1);
});

it("asks the server again when it may answer again", () => {
  askWhileLoading();
  asking.allowServer(false);
  asking.allowServer(true);
  expect(questions).toHaveLength(2);
});
