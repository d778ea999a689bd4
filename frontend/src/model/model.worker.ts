/** Runs the shipped ONNX file on this device. Pixels go in, the model's outputs come out. */

import runtimeUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { download, NotFetched } from "./download";
import type { ModelFacts, Order, Outputs, ReadOrder, Report } from "./model-messages";

const scope = globalThis as unknown as Worker; // seen from inside, with the same two methods
let session: InferenceSession | undefined;

scope.addEventListener("message", ({ data }: MessageEvent<Order>) => {
  const done = data.kind === "load" ? load(data.model) : read(data);
  done.catch((error: unknown) => {
    report({ kind: error instanceof NotFetched ? "unfetched" : "failed", reason: String(error) });
  });
});

async function load(model: ModelFacts): Promise<void> {
  const files = [{ url: runtimeUrl, bytes: RUNTIME_BYTES }, model];
  const [runtime, file] = await download(files, (share) => report({ kind: "progress", share }));
  env.wasm.numThreads = 1; // more need cross-origin isolation, and the model is small
  if (runtime) env.wasm.wasmBinary = runtime.buffer;
  if (file) session = await InferenceSession.create(file, { executionProviders: ["wasm"] });
  const blank = { width: 8, height: 8, pixels: new Uint8Array(64) };
  await read({ kind: "read", ...blank }, () => {}); // the first is slow
  report({ kind: "ready" });
}

async function read({ pixels, width, height }: ReadOrder, send = sendOutputs): Promise<void> {
  if (session === undefined) throw new Error("A picture came before the model was ready.");
  const start = performance.now();
  const outputs = await session.run({ image: new Tensor("uint8", pixels, [1, height, width]) });
  const floats = (name: string) => outputs[name]?.data as Float32Array;
  send({
    probabilities: floats("probabilities"),
    digitProbability: floats("digit_probability")[0] ?? 0,
    ink: floats("ink"),
    placement: floats("placement"),
    evidence: floats("evidence"),
    milliseconds: performance.now() - start,
  });
}

function sendOutputs(outputs: Outputs): void {
  report({ kind: "outputs", outputs });
}

function report(message: Report): void {
  scope.postMessage(message);
}
