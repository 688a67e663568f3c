import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = new URL("../../../", import.meta.url).pathname;

/** The extension's package for this platform; with a server that is already published, if a folder with it is given. */
export async function makePackage(server = process.env["ETHOSU_E2E_SERVER"]): Promise<string> {
  const { buildClient } = await import("../../../scripts/build-client.mjs");
  const { packageExtension } = await import("../../../scripts/package.mjs");
  await buildClient({ minify: true });
  return packageExtension(`linux-${process.arch}`, { out: "build/e2e", ...(server === undefined ? {} : { server }) }) as Promise<string>;
}

/** The package with the server that answers from canned data: for tests of the pages alone. */
export async function makePackageWithFakeServer(): Promise<string> {
  const folder = join(root, "build", "fake-server");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "tests", "e2e", "support", "fake-server.mjs"), join(folder, "ethosu-language-server"));
  return makePackage(folder);
}
