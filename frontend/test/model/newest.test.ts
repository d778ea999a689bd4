import { expect, it } from "vitest";
import { Newest } from "../../src/model/newest";

it("drops an older result that comes after a newer one", async () => {
  const newest = new Newest();
  const older = Promise.withResolvers<string>();
  const first = newest.run(() => older.promise);
  const second = newest.run(async () => "newer");
  expect(await second).toBe("newer");
  older.resolve("older");
  expect(await first).toBeUndefined();
});

it("aborts the older task when a newer one starts", () => {
  const newest = new Newest();
  const signals: AbortSignal[] = [];
  const task = async (signal: AbortSignal) => signals.push(signal);
  void newest.run(task);
  void newest.run(task);
  expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
});

it("drops the result and the failure of a cancelled task", async () => {
  const newest = new Newest();
  const failing = Promise.withResolvers<string>();
  const result = newest.run(() => failing.promise);
  newest.cancel();
  failing.reject(new Error("too late"));
  expect(await result).toBeUndefined();
});

it("passes on the newest task's failure", async () => {
  const failing = new Newest().run(() => Promise.reject(new Error("no answer")));
  await expect(failing).rejects.toThrow("no answer");
});
