import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const manifest = JSON.parse(read("package.json"));
const schema = JSON.parse(read("media/ethosu.schema.json"));
const contributed: string[] = manifest.contributes.commands.map((command: { command: string }) => command.command);
const menuCommands: string[] = Object.values(manifest.contributes.menus as Record<string, { command?: string }[]>).flat()
  .flatMap((item) => item.command ?? []);

describe("the manifest", () => {
  it.each(menuCommands)("%s of a menu is a command", (command) => expect(contributed).toContain(command));

  it("names the same targets in the settings as in ethosu.json", () => {
    expect(manifest.contributes.configuration.properties["ethosu.target"].enum).toEqual(schema.properties.target.enum);
    expect(manifest.contributes.configuration.properties["ethosu.target"].enumDescriptions)
      .toHaveLength(schema.properties.target.enum.length);
  });

  const links = [...JSON.stringify(manifest.contributes.walkthroughs).matchAll(/command:([\w.]+)/gi)].map((match) => match[1] as string);
  it.each(links)("%s of the walkthrough is a command", (command) => expect(contributed).toContain(command));

  const files = [manifest.icon, "media/ethosu.schema.json", "media/listing.tmLanguage.json",
    ...[...JSON.stringify(manifest).matchAll(/media\/[\w./-]+/g)].map((match) => match[0])];
  it.each([...new Set<string>(files)])("%s is there", (file) => expect(existsSync(new URL(file, root))).toBe(true));

  const pictures = [...read("client/README.md").matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1] as string);
  it.each(pictures)("the picture %s of its page is there", (file) => expect(existsSync(new URL(file, root))).toBe(true));

  it("describes every setting", () => {
    for (const [name, setting] of Object
      .entries<{ description?: string; markdownDescription?: string }>(manifest.contributes.configuration.properties))
      expect(setting.description ?? setting.markdownDescription ?? "", name).not.toBe("");
  });
});

describe("the schema of ethosu.json", () => {
  const page = read("client/README.md");
  const names = (properties: Record<string, { properties?: Record<string, never> }>): string[] =>
    Object.entries(properties)
    .flatMap(([name, property]) => [name, ...(property.properties === undefined ? [] : names(property.properties))]);
  it.each(names(schema.properties).filter((name) => name !== "$schema"))("has %s, which the extension's page explains",
    (name) => expect(page).toContain(`\`${name}\``));

  it.each(Object.entries<{ description?: string }>(schema.properties).filter(([name]) => name !== "$schema"))("says what %s is",
    (_, property) => expect(property.description ?? "").not.toBe(""));
});
