import { readFileSync } from "node:fs";
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

export default defineConfig({
  base: "./", // style sheets find their pictures below any path
  publicDir: false,
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
