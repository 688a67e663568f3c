import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The editor's interface exists in the editor only.
  resolve: { alias: { vscode: fileURLToPath(new URL("tests/client/support/vscode.ts", import.meta.url)) } },
  test: { include: ["client/**/*.test.ts", "tests/client/**/*.test.ts"], passWithNoTests: true },
});
