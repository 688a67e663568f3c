import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

export const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));

/** What the editor needs besides npm's packages, in Debian's names. */
const programs: [program: string, debian: string][] =
  [["rg", "ripgrep"], ["python3", "python3"], ["make", "make"], ["g++", "g++"], ["krb5-config", "libkrb5-dev"]];

/** The Debian packages that are missing for tests in the editor. */
export function missingPackages(): string[] {
  const absent = programs.filter(([program]) => spawnSync(program, ["--version"]).error !== undefined).map(([, debian]) => debian);
  return chromiumPath === undefined ? ["chromium", ...absent] : absent;
}
