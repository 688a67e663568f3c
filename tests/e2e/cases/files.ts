import { lstatSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Editor } from "../support/editor";

/** Files with something about them: what the user is asked before they are read or written, and what is not taken from them. */
export function fileCases(editor: () => Editor): void {
  describe("files", () => {
    const content = (name: string): string => readFileSync(editor().path(`files/${name}`)).toString("latin1");
    const dialog = () => editor().page.locator(".monaco-dialog-box");

    beforeAll(async () => {
      await editor().file("files").click();
      await editor().file("open.onnx").waitFor();
    });

    // The other cases count on the folder being closed.
    afterAll(async () => {
      await editor().file("files").click();
      await editor().file("open.onnx").waitFor({ state: "detached" });
    });

    test("sizes that a model leaves open are asked for, checked, and kept in ethosu.json", async () => {
      await editor().choose("open.onnx", "Convert to int8 TFLite");
      const asked = editor().page.locator(".quick-input-widget");
      const input = asked.locator("input.input");
      for (const [size, value] of [["H", "24"], ["W", "16"]] as const) {
        await asked.filter({ hasText: `the size '${size}' is open` }).waitFor({ timeout: 60_000 });
        await input.fill("0");
        await asked.filter({ hasText: "A whole number from 1 to 65536" }).waitFor();
        await input.fill(value);
        if (size === "H") await editor().picture("size-asked");
        await input.press("Enter");
      }
      await editor().file("open.tflite").waitFor({ timeout: 60_000 });
      expect(JSON.parse(content("ethosu.json"))).toEqual({ models: { "open.onnx": { dims: { H: 24, W: 16 } } } });
      // What is known is not asked again.
      await editor().clear();
      await editor().choose("open.onnx", "Convert to int8 TFLite");
      await editor().notification("open.tflite: int8").waitFor({ timeout: 60_000 });
      expect(await asked.isVisible()).toBe(false);
    });

    test("a file that the editor did not make is replaced only if the user says so", async () => {
      await editor().choose("taken.onnx", "Convert to int8 TFLite");
      await dialog().filter({ hasText: "taken.tflite" }).waitFor({ timeout: 60_000 });
      await editor().picture("overwrite-asked");
      await dialog().getByRole("button", { name: "Cancel" }).click();
      await dialog().waitFor({ state: "detached" });
      expect(content("taken.tflite")).toBe("the user's own");
      await editor().choose("taken.onnx", "Convert to int8 TFLite");
      await dialog().getByRole("button", { name: "Replace" }).click({ timeout: 60_000 });
      await editor().notification("taken.tflite: int8").waitFor({ timeout: 60_000 });
      expect(content("taken.tflite").slice(4, 8)).toBe("TFL3");
      // Now it is the editor's own.
      await editor().clear();
      await editor().choose("taken.onnx", "Convert to int8 TFLite");
      await editor().notification("taken.tflite: int8").waitFor({ timeout: 60_000 });
      expect(await dialog().isVisible()).toBe(false);
    });

    test("a symbolic link stays one: what it leads to is written, when the user has agreed", async () => {
      await editor().choose("linked.onnx", "Convert to int8 TFLite");
      await dialog().getByRole("button", { name: "Replace" }).click({ timeout: 60_000 });
      await editor().notification("linked.tflite: int8").waitFor({ timeout: 60_000 });
      expect(lstatSync(editor().path("files/linked.tflite")).isSymbolicLink()).toBe(true);
      expect(content("elsewhere/target.tflite").slice(4, 8)).toBe("TFL3");
    });

    test("a name that is a command link is shown as text", async () => {
      await editor().choose("named.onnx", "Convert to int8 TFLite");
      const note = editor().notification("Repair");
      await note.waitFor({ timeout: 60_000 });
      await editor().picture("link-as-text");
      expect(await note.locator(".notification-list-item-message").textContent())
        .toContain("[Repair] (command:workbench.action.toggleZenMode)");
      expect(await note.locator(".notification-list-item-message a").count()).toBe(0);
    });
  });
}
