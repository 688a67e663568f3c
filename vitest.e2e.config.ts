import { defineConfig } from "vitest/config";

// One browser and one editor at a time.
export default defineConfig(
  { test: { include: ["tests/e2e/**/*.test.ts"], fileParallelism: false, testTimeout: 150_000, hookTimeout: 900_000, bail: 0 } });
