// Bundles the extension and its pages into dist/.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Makes dist/: the extension, its pages and the worker that lays graphs out. */
export async function buildClient({ minify = false } = {}) {
  const dist = join(root, "dist");
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, "webview"), { recursive: true });
  const common = { bundle: true, minify, sourcemap: minify ? false : "linked", logLevel: "warning", absWorkingDir: root };
  await Promise.all([
    build({ ...common, entryPoints: ["client/src/extension.ts"], outfile: "dist/extension.js", platform: "node",
      mainFields: ["module", "main"], target: "node20", format: "cjs", external: ["vscode"] }),
    ...["graph", "report"].flatMap((page) => [
      build({ ...common, entryPoints: [`client/webview/${page}/main.ts`], outfile: `dist/webview/${page}.js`, platform: "browser",
        target: "es2022", format: "iife" }),
      build({ ...common, entryPoints: [`client/webview/${page}/${page}.css`], outfile: `dist/webview/${page}.css` }),
    ]),
  ]);
  copyFileSync(join(root, "node_modules", "elkjs", "lib", "elk-worker.min.js"), join(dist, "webview", "layoutWorker.js"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient({ minify: process.argv.includes("--minify") });
