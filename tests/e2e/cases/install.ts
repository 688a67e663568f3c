import { describe, expect, test } from "vitest";
import type { Editor } from "../support/editor";
import manifest from "../../../package.json";

export function installCases(editor: () => Editor): void {
  describe("installation", () => {
    test("the package installs, and its page in the editor is complete", async () => {
      const { server, page } = editor();
      expect(server.extensions()).toEqual([`${manifest.publisher}.${manifest.name}@${manifest.version}`]);
      await editor().command("Extensions: Show Enabled Extensions");
      await page.locator(".extensions-viewlet .monaco-list-row").filter({ hasText: manifest.displayName }).first().click();
      await page.locator(".extension-editor .name").filter({ hasText: manifest.displayName }).waitFor();
      await editor().frameWith("From PyTorch to an Arm Ethos-U NPU");
      await editor().picture("extension");
      await editor().command("View: Show Explorer");
    });
  });
}
