// npm run package [-- --target PLATFORM]... [--server FOLDER] [--out FOLDER]: makes the extension's packages, one a platform.
// Each is staged in build/package/PLATFORM: what is not copied there is not in the package.
import { createVSIX } from "@vscode/vsce";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildClient } from "./build-client.mjs";
import { root, run } from "./run.mjs";

/** Platforms in the words of the marketplace and of .NET. */
const platforms = { "linux-x64": "linux-x64", "linux-arm64": "linux-arm64", "win32-x64": "win-x64", "darwin-arm64": "osx-arm64" };

/**
 * Makes the package of one platform and returns its path.
 * @param {string} target The platform, for example linux-x64.
 * @param {{ out?: string, server?: string }} options Where the package goes; a folder with a server that is already published.
 */
export async function packageExtension(target, { out = "build", server } = {}) {
  if (!(target in platforms)) throw new Error(`'${target}' is not a platform: ${Object.keys(platforms).join(", ")}`);
  const stage = join(root, "build", "package", target);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const copy = (from, to = from) => cpSync(join(root, from), join(stage, to), { recursive: true });
  for (const name of ["dist", "media", "LICENSE", "CHANGELOG.md"]) copy(name);
  copy("docs/rules");
  // The editor's page of an extension shows no pictures out of the package.
  writeFileSync(join(stage, "README.md"),
    readFileSync(join(root, "client/README.md"), "utf8").replace(/^!\[[^\]]*\]\((?!https:)[^)]*\)\n+/gm, ""));
  writeFileSync(join(stage, "package.json"), JSON.stringify(manifest(), null, 2));
  writeFileSync(join(stage, ".vscodeignore"), "**/*.map\n**/*.pdb\n**/*.svg\nserver/*.xml\nserver/*.lib\n");
  if (server === undefined) publish(platforms[target], join(stage, "server"));
  else cpSync(server, join(stage, "server"), { recursive: true, dereference: true });
  const program = join(stage, "server", target.startsWith("win32") ? "ethosu-language-server.exe" : "ethosu-language-server");
  if (!existsSync(program)) throw new Error(`the server's folder has no program ${program}`);
  if (process.platform !== "win32") chmodSync(program, 0o755);
  mkdirSync(resolve(root, out), { recursive: true });
  const { name, version } = manifest();
  const path = resolve(root, out, `${name}-${target}-${version}.vsix`);
  // Without a repository there is no address that the page's relative links could be made absolute with.
  await createVSIX(
    { cwd: stage, packagePath: path, target, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  console.log(`${path} (${(statSync(path).size / 1e6).toFixed(1)} MB)`);
  return path;
}

/** The manifest without what only the development needs. */
function manifest() {
  const { devDependencies, scripts, private: _, ...rest } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return { ...rest, engines: { vscode: rest.engines.vscode } };
}

function publish(runtime, folder) {
  const args = (readyToRun) =>
    ["publish", "server/EthosU.LanguageServer/EthosU.LanguageServer.csproj", "-c", "Release", "-r", runtime, "--self-contained",
    `-p:PublishReadyToRun=${readyToRun}`, "-v", "quiet", "-nologo", "-clp:ErrorsOnly", "-o", folder];
  if (run("dotnet", args(true)) === 0) return;
  console.warn(`The ready-to-run compiled server for ${runtime} could not be made (see above); trying without: it will start more slowly.`);
  rmSync(folder, { recursive: true, force: true });
  if (run("dotnet", args(false)) !== 0) throw new Error(`the server for ${runtime} could not be published`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } =
    parseArgs({ options: { target: { type: "string", multiple: true }, server: { type: "string" }, out: { type: "string" } } });
  await buildClient({ minify: true });
  for (const target of values.target ?? Object.keys(platforms)) await packageExtension(target, values);
}
