import { existsSync, rmSync } from "node:fs";
import { buildClient } from "../../../scripts/build-client.mjs";
import { packageExtension } from "../../../scripts/package.mjs";

/** The extension's package for this platform, made as users get it; the one that ETHOSU_E2E_VSIX names, if it does. */
export async function extensionPackage(): Promise<string> {
  const made = process.env["ETHOSU_E2E_VSIX"];
  if (made !== undefined && made !== "") {
    if (!existsSync(made)) throw new Error(`ETHOSU_E2E_VSIX names ${made}, which does not exist`);
    return made;
  }
  await buildClient({ minify: true });
  const path = await packageExtension(`linux-${process.arch}`, { out: "build/e2e" });
  rmSync(`build/package/linux-${process.arch}`, { recursive: true, force: true });
  return path;
}
