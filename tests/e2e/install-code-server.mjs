// Installs code-server, the real VS Code served to a browser, into .vscode-test (about 75 s, once).
// Its install scripts download binaries, so they are off; the native modules that it needs are built here from source.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The newest code-server for Node 20. */
const version = "4.100.3";
const nativeModules = ["node-pty", "@vscode/spdlog", "native-watchdog", "kerberos"];

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".vscode-test", `code-server-${version}-node${process.versions.modules}`);
const marker = join(folder, "installed");

/** The entry script of the installed code-server. Installs it first where it is missing; throws if that fails. */
export function installCodeServer() {
  const server = join(folder, "node_modules", "code-server");
  const entry = join(server, "out", "node", "entry.js");
  if (existsSync(marker)) return entry;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "code-server-for-tests", private: true }));
  npm(folder, "install", "--ignore-scripts", "--no-save", `code-server@${version}`);
  npm(folder, "rebuild", "--ignore-scripts=false", "argon2");
  const code = join(server, "lib", "vscode");
  npm(code, "install", "--ignore-scripts", "--omit=dev");
  // One call a module: npm also runs the scripts of the folder's own package when several are rebuilt at once.
  for (const name of nativeModules) buildNative(join(code, "node_modules", name));
  linkRipgrep(code);
  writeFileSync(marker, version);
  return entry;
}

function buildNative(module) {
  run(process.execPath, [nodeGyp(), "rebuild"], module);
}

/** npm's own node-gyp, where Node's and Debian's packages put it. */
function nodeGyp() {
  const modules = spawnSync("npm", ["root", "--global"], { encoding: "utf8" }).stdout.trim();
  const places = [process.env["npm_config_node_gyp"],
    ...[modules, join(dirname(dirname(process.execPath)), "lib", "node_modules"), "/usr/share/nodejs"].flatMap((folder) =>
    [join(folder, "npm", "node_modules", "node-gyp", "bin", "node-gyp.js"), join(folder, "node-gyp", "bin", "node-gyp.js")])];
  const found = places.find((place) => place !== undefined && existsSync(place));
  if (found === undefined) throw new Error("npm has no node-gyp, which builds native modules");
  return found;
}

function linkRipgrep(code) {
  const system = spawnSync("which", ["rg"], { encoding: "utf8" }).stdout.trim();
  if (system === "") throw new Error("ripgrep (rg) is not installed; VS Code's file search needs it");
  const bin = join(code, "node_modules", "@vscode", "ripgrep", "bin");
  mkdirSync(bin, { recursive: true });
  rmSync(join(bin, "rg"), { force: true });
  symlinkSync(system, join(bin, "rg"));
}

function npm(cwd, ...args) {
  run("npm", [...args, "--no-fund", "--no-audit", "--loglevel=error"], cwd);
}

function run(program, args, cwd) {
  const headers = join(dirname(dirname(process.execPath)), "include", "node", "node.h");
  const env = { ...process.env, ...(existsSync(headers) ? { npm_config_nodedir: dirname(dirname(process.execPath)) } : {}) };
  const result = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${result.stdout}\n${result.stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(installCodeServer());
