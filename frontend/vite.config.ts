import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Puts a file that only the template names among the hashed assets and into the manifest. */
function emitAsset(path: string, name: string): Plugin {
  return {
    name: "emit-asset",
    apply: "build",
    buildStart() {
      this.addWatchFile(path);
      this.emitFile({ type: "asset", name, originalFileName: path, source: readFileSync(path) });
    },
  };
}

const RUNTIME = createRequire(import.meta.url).resolve(
  "onnxruntime-web/ort-wasm-simd-threaded.wasm",
);

export default defineConfig({
  base: "./", // style sheets find their pictures below any path
  publicDir: false,
  define: { RUNTIME_BYTES: statSync(RUNTIME).size }, // what progress is measured against
  worker: { format: "es" },
  plugins: [emitAsset("src/icon.svg", "icon.svg")],
  build: {
    outDir: "../src/drawn_digits/web/static",
    emptyOutDir: true,
    manifest: true, // pages.py reads the hashed names from it
    assetsInlineLimit: 0, // every picture is a file of the page's own origin
    modulePreload: false, // one script, nothing to preload
    rolldownOptions: { input: "src/main.ts" },
  },
  css: {
    preprocessorOptions: {
      scss: {
        quietDeps: true,
        // Bootstrap 5.3 is written with features that Dart Sass will remove in 3.0.
        silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
      },
    },
  },
  test: { include: ["test/**/*.test.ts"] },
});
