import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { label, plain } from "../../client/src/messages";

describe("text from files", () => {
  it.each([
    ["[a](command:x)", "[a] (command:x)"],
    ["[[a](b)](command:x 'title')", "[[a] (b)] (command:x 'title')"],
    ["a\u001b[31mb\u202ec", "a\\u001b[31mb\\u202ec"],
    ["two\nlines\tand a tab", "two\nlines\tand a tab"],
    ["größe × 2 — 漢字", "größe × 2 — 漢字"],
  ])("%j is shown as %j", (text, shown) => {
    expect(plain(text)).toBe(shown);
    expect(plain(shown)).toBe(shown);
  });

  it("makes no pictures in labels", () => expect(label("$(trash) net")).toBe("$ (trash) net"));

  const folder = new URL("../../client/src/", import.meta.url);
  it.each(readdirSync(folder).filter((file) => file !== "messages.ts"))("%s shows messages through messages.ts alone, and trusts no text",
    (file) => {
    const source = readFileSync(new URL(file, folder), "utf8");
    expect(source).not.toMatch(/window\.show(Information|Warning|Error)Message|isTrusted\s*[:=]|MarkdownString|openExternal/);
  });
});
