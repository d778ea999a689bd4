import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Picture } from "../../src/ink/picture";
import { Device, type DeviceState, toAnswer } from "../../src/model/device";
import type { Order, Outputs, Report } from "../../src/model/model-messages";
import { NoAnswer } from "../../src/model/prediction";

const PICTURE: Picture = {
  width: 3,
  height: 2,
  pixels: () => new Uint8Array(6),
  png: () => {
    throw new Error("Nobody asks for a file.");
  },
};

const OUTPUTS: Outputs = {
  probabilities: Float32Array.from({ length: 10 }, (_, digit) => (digit === 3 ? 0.55 : 0.05)),
  digitProbability: 0.7,
  ink: new Float32Array(784).fill(0.5),
  placement: new Float32Array([0, 0, 280, 280]),
  evidence: new Float32Array(490),
  milliseconds: 2,
};

const MODEL = { url: "models/a.onnx", bytes: 100 };

/** The page's end of a worker; a test plays the worker. */
class OtherEnd extends EventTarget {
  readonly orders: Order[] = [];
  ended = false;

  postMessage(order: Order): void {
    this.orders.push(order);
  }

  terminate(): void {
    this.ended = true;
  }

  report(data: Report): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

function deviceWith(onChange: (state: DeviceState, share: number) => void = () => {}) {
  const workers: OtherEnd[] = [];
  const startWorker = () => {
    workers.push(new OtherEnd());
    return workers.at(-1) as unknown as Worker;
  };
  const device = new Device(startWorker, 0.5, onChange);
  device.load(MODEL);
  return { workers, worker: workers[0] as OtherEnd, device };
}

describe("Device", () => {
  beforeEach(() => {
    vi.spyOn(console, "info").mockImplementation(() => {});
  });
  afterEach(() => vi.restoreAllMocks());

  it("tells how much of the model is here, and when it is ready", () => {
    const onChange = vi.fn();
    const { worker, device } = deviceWith(onChange);
    expect(worker.orders).toEqual([{ kind: "load", model: MODEL }]);
    worker.report({ kind: "progress", share: 0.25 });
    worker.report({ kind: "ready" });
    expect(onChange.mock.calls).toEqual([
      ["loading", 0],
      ["loading", 0.25],
      ["ready", 1],
    ]);
    expect(device.state).toBe("ready");
  });

  it("answers with the outputs that the worker sends back", async () => {
    const { worker, device } = deviceWith();
    const reading = device.read(PICTURE);
    worker.report({ kind: "outputs", outputs: OUTPUTS });
    expect(await reading).toMatchObject({
      source: "device",
      milliseconds: 2,
      answer: { digit: 3 },
      insight: { width: 3, height: 2 },
    });
    expect(worker.orders.slice(1)).toEqual([
      { kind: "read", pixels: new Uint8Array(6), width: 3, height: 2 },
    ]);
  });

  it("gives up for good, and its worker too, where that fails", async () => {
    const { workers, worker, device } = deviceWith();
    const reading = device.read(PICTURE);
    worker.report({ kind: "failed", reason: "no memory" });
    await expect(reading).rejects.toBeInstanceOf(NoAnswer);
    expect([device.state, worker.ended]).toEqual(["failed", true]);
    expect(console.info).toHaveBeenCalledOnce();
    device.load(MODEL);
    expect(workers).toHaveLength(1);
  });

  it("fetches the model again, with a new worker, where it did not come", () => {
    const { workers, worker, device } = deviceWith();
    device.load(MODEL); // it is on its way
    expect(workers).toHaveLength(1);
    worker.report({ kind: "unfetched", reason: "no network" });
    expect([device.state, worker.ended]).toEqual(["unfetched", true]);
    device.load(MODEL);
    expect(device.state).toBe("loading");
    workers[1]?.report({ kind: "ready" });
    expect(device.state).toBe("ready");
  });

  it.each([
    ["did not come", new Event("error"), "unfetched"],
    ["does not run", Object.assign(new Event("error"), { message: "SyntaxError" }), "failed"],
  ])("tells a worker that %s", (_, event, state) => {
    const { worker, device } = deviceWith();
    worker.dispatchEvent(event);
    expect(device.state).toBe(state);
  });
});

describe("toAnswer", () => {
  it.each([
    [0.5, true],
    [0.71, false],
  ])("compares digit_probability with the operating point %s", (threshold, isDigit) => {
    const answer = toAnswer(OUTPUTS, threshold);
    expect(answer).toMatchObject({ digit: 3, is_digit: isDigit });
  });

  it("says nothing-drawn where the network saw no ink", () => {
    expect(toAnswer({ ...OUTPUTS, ink: new Float32Array(784) }, 0.5)).toBe("nothing-drawn");
  });
});
