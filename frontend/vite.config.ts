import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
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

/** Writes into the service worker which files it keeps, and a version that changes with them. */
export function listFiles(outDir: string, publicDir: string): Plugin {
  return {
    name: "list-files",
    apply: "build",
    closeBundle() {
      const worker = `${outDir}/service-worker.js`;
      const code = readFileSync(worker, "utf8");
      const assets = readdirSync(`${outDir}/assets`).map((name) => `static/assets/${name}`);
      const named = readdirSync(publicDir).sort(); // their names hold no hash
      const files = JSON.stringify([...assets, ...named].sort());
      const hash = createHash("sha256").update(code).update(files);
      for (const name of named) hash.update(readFileSync(`${publicDir}/${name}`));
      const version = hash.digest("hex").slice(0, 12);
      const filled = code
        .replace("`__FILES__`", JSON.stringify(files))
        .replace('"__FILES__"', JSON.stringify(files))
        .replace("__VERSION__", version);
      writeFileSync(worker, filled);
    },
  };
}

const OUT_DIR = "../src/drawn_digits/web/static";
const RUNTIME = createRequire(import.meta.url).resolve(
  "onnxruntime-web/ort-wasm-simd-threaded.wasm",
);

export default defineConfig({
  base: "./", // style sheets find their pictures below any path
  define: { RUNTIME_BYTES: statSync(RUNTIME).size }, // what progress is measured against
  worker: { format: "es" },
  plugins: [
    emitAsset("src/icon.svg", "icon.svg"),
    emitAsset("src/language/messages/en.json", "en.json"),
    listFiles(OUT_DIR, "public"),
  ],
  build: {
    outDir: OUT_DIR,
    emptyOutDir: true,
    manifest: true, // pages.py reads the hashed names from it
    // Icons are shorter than the headers of a file; other pictures stay files.
    assetsInlineLimit: (path) => path.includes("bootstrap-icons"),
    modulePreload: false, // one script, nothing to preload
    rolldownOptions: {
      input: ["src/main.ts", "src/service-worker.ts"],
      output: {
        // Browsers look for a new version of it at its old address.
        entryFileNames: ({ name }) =>
          name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js",
      },
    },
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
