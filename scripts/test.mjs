// npm test: sets everything up, builds, checks types, runs the tests of the server, of the client and in the editor, and counts them.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, root, run } from "./run.mjs";

const full = process.argv.includes("--full");
const results = mkdtempSync(join(tmpdir(), "ethosu-tests-"));
const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

if (!packagesAreInstalled() && run("npm", ["ci", "--no-fund", "--no-audit"]) !== 0) process.exit(1);
build("Extension.sln");
const env = { ...process.env, ...(full ? { ETHOSU_FULL_TESTS: "1" } : {}) };
const parts = [
  run("npm", ["run", "--silent", "check"]),
  run("dotnet", ["test", "Extension.sln", "-c", "Release", "--no-build", "--nologo", "-m:1",
    "--logger", "trx", "--results-directory", results, "--blame-hang-timeout", "15m"], { env }),
  fuzz(),
  vitest("client", "vitest.config.ts"),
  vitest("editor", "vitest.e2e.config.ts"),
];

for (const file of readdirSync(results)) {
  const read = () => readFileSync(join(results, file), "utf8");
  if (file.endsWith(".trx")) {
    const text = read();
    const counter = (name) => Number(new RegExp(`<Counters[^>]*\\s${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
    counts.passed += counter("passed");
    counts.failed += counter("executed") - counter("passed");
    counts.skipped += counter("total") - counter("executed");
    failures.push(...[...text.matchAll(/<UnitTestResult[^>]*testName="([^"]*)"[^>]*outcome="Failed"/g)].map((match) => match[1]));
    // A project whose process dies still calls itself passed.
    failures.push(...[...text.matchAll(/Test process crashed[^<\n]*/g)].map((match) => `${match[0].trim()} (${file})`));
  } else if (file.endsWith(".json")) {
    const json = JSON.parse(read());
    counts.passed += json.numPassedTests;
    counts.failed += json.numFailedTests;
    counts.skipped += json.numPendingTests + json.numTodoTests;
    failures.push(...json.testResults
      .flatMap((result) => result.assertionResults.filter((test) => test.status === "failed").map((test) => test.fullName)));
  }
}
if (parts.some((status) => status !== 0) && counts.failed === 0) counts.failed = 1;
if (counts.passed === 0) counts.failed = Math.max(counts.failed, 1);
rmSync(results, { recursive: true, force: true });
for (const name of failures) console.log(`failed: ${name}`);
if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 ? 0 : 1);

/** Runs changed files of every kind through the program, always the same ones; each kind counts as a test. */
function fuzz() {
  const log = join(results, "fuzz.log");
  const status = run("dotnet", ["tests/EthosU.Fuzz/bin/Release/net10.0/EthosU.Fuzz.dll", "--seed", "1", "--count", "3000", "--log", log]);
  const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(existsSync(log) ? readFileSync(log, "utf8") : "") ?? [0, 0, 1];
  counts.passed += Number(passed);
  counts.failed += Number(failed);
  return status;
}

/** Runs a part of the tests in TypeScript; its counts go to the results' folder. */
function vitest(name, config) {
  return run("npx",
    ["vitest", "run", "--config", config, "--reporter=default", "--reporter=json", `--outputFile.json=${join(results, `${name}.json`)}`],
      { env });
}

/** True if node_modules has what package-lock.json names, in its versions. */
function packagesAreInstalled() {
  const present = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(present)) return false;
  const installed = JSON.parse(readFileSync(present, "utf8")).packages;
  const { "": _, ...wanted } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  // Packages for other platforms are optional and not installed.
  return Object.entries(wanted)
    .every(([path, { version, optional }]) => installed[path]?.version === version || (installed[path] === undefined && optional))
    && Object.keys(installed).every((path) => path in wanted);
}
