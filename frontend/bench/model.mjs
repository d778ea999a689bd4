// How long the shipped model takes in WebAssembly, one thread, as the page runs it:
//
//     npm run bench [path/to/digits.onnx]
//
// Prints the median and the 95th percentile of 200 answers for each picture size.

import { readFile } from "node:fs/promises";
import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";

const RUNS = 200;
const WARM_UP = 20;
const SHIPPED = new URL("../../src/drawn_digits/recognizer/models/", import.meta.url);

env.wasm.numThreads = 1;
env.wasm.wasmPaths = new URL("./", import.meta.resolve("onnxruntime-web/wasm")).href;

const started = performance.now();
const session = await InferenceSession.create(await readFile(await modelFile()));
console.log(
  `session created in ${(performance.now() - started).toFixed(0)} ms, Node ${process.version}`,
);
for (const side of [28, 140, 280, 560]) {
  const times = await measure(pictureOfOne(side));
  const [median, late] = [0.5, 0.95].map((share) => times[Math.floor(share * times.length)]);
  console.log(
    `${side} x ${side}: median ${median.toFixed(2)} ms, 95th percentile ${late.toFixed(2)} ms`,
  );
}

async function modelFile() {
  const [given] = process.argv.slice(2);
  return given ?? new URL("digits.onnx", SHIPPED);
}

/** A dark upright bar on light paper, in the middle. */
function pictureOfOne(side) {
  const pixels = new Uint8Array(side * side).fill(255);
  for (let row = Math.round(side * 0.2); row < side * 0.8; row++) {
    pixels.fill(0, row * side + Math.round(side * 0.46), row * side + Math.round(side * 0.54));
  }
  return new Tensor("uint8", pixels, [1, side, side]);
}

async function measure(image) {
  const times = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const start = performance.now();
    await session.run({ image });
    if (run >= WARM_UP) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}
