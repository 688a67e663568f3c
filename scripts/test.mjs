// npm test: sets everything up, builds, runs the server's and the client's tests, and counts them.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, root, run } from "./run.mjs";

const full = process.argv.includes("--full");
const results = mkdtempSync(join(tmpdir(), "ethosu-tests-"));
const counts = { passed: 0, failed: 0, skipped: 0 };

if (!existsSync(join(root, "node_modules", ".package-lock.json")) && run("npm", ["ci", "--no-fund", "--no-audit"]) !== 0) process.exit(1);
build("Extension.sln");
const env = { ...process.env, ...(full ? { ETHOSU_FULL_TESTS: "1" } : {}) };
const server = run("dotnet", ["test", "Extension.sln", "-c", "Release", "--no-build", "--nologo", "-m:1",
  "--logger", "trx", "--results-directory", results, "--blame-hang-timeout", "15m"], { env });
const report = join(results, "client.json");
const client = run("npx", ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`], { env });

for (const file of readdirSync(results).filter((name) => name.endsWith(".trx"))) {
  const text = readFileSync(join(results, file), "utf8");
  const counter = (name) => Number(new RegExp(`<Counters[^>]*\\s${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
  counts.passed += counter("passed");
  counts.failed += counter("total") - counter("passed") - (counter("total") - counter("executed"));
  counts.skipped += counter("total") - counter("executed");
}
if (existsSync(report)) {
  const json = JSON.parse(readFileSync(report, "utf8"));
  counts.passed += json.numPassedTests;
  counts.failed += json.numFailedTests;
  counts.skipped += json.numPendingTests;
}
if ((server !== 0 || client !== 0) && counts.failed === 0) counts.failed = 1;
if (counts.passed === 0) counts.failed = Math.max(counts.failed, 1);
rmSync(results, { recursive: true, force: true });
console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`);
process.exit(counts.failed === 0 ? 0 : 1);
