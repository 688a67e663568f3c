// Runs a program with its output shown, and ends this process with its exit code if it fails.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a program in the repository's top folder; returns its exit code. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32", ...options });
  if (result.error) {
    console.error(`${program} could not be started: ${result.error.message}`);
    if (program === "dotnet") console.error("Install the .NET SDK 10 and put it on the PATH.");
    process.exit(1);
  }
  return result.status ?? 1;
}

/** Like run, but a failure ends this process. */
export function must(program, args, options) {
  const status = run(program, args, options);
  if (status !== 0) process.exit(status);
}

/** Builds a project or the solution in Release. */
export function build(project) {
  must("dotnet", ["build", project, "-c", "Release", "-v", "quiet", "-nologo", "-clp:ErrorsOnly"]);
}

/** The command line program, as built in Release. */
export const ethosu = "server/EthosU.Cli/bin/Release/net10.0/ethosu.dll";
