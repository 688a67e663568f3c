import { describe, expect, test } from "vitest";
import type { Editor } from "../support/editor";

export function startCases(editor: () => Editor): void {
  describe("start", () => {
    test("a model that is opened while the editor starts is shown as a graph", async () => {
      await editor().load("detector.onnx");
      await editor().tab("detector.onnx").waitFor({ timeout: 120_000 });
      await editor().content("graph", "ready", 120_000);
      // Where the editor did not know of the graph yet, a tab with text came first.
      await expect.poll(() => editor().tab("detector.onnx").count()).toBe(1);
      await editor().content("graph");
      await editor().picture("start");
    });

    test("a graph that was open when the editor was closed is there again", async () => {
      await editor().open("detector.onnx");
      await editor().content("graph");
      // The editor keeps what is open every five seconds.
      await editor().page.waitForTimeout(7_000);
      await editor().load();
      await editor().content("graph", "ready", 120_000);
      expect(await editor().tab("detector.onnx").count()).toBe(1);
      await editor().active();
    });
  });
}

export function policyCases(editor: () => Editor): void {
  describe("Content-Security-Policy", () => {
    test("no page broke it; what it forbids is refused and noticed", async () => {
      expect(editor().policyErrors).toEqual([]);
      await editor().open("detector.onnx");
      const graph = await editor().content("graph");
      await graph.evaluate(() => {
        const script = document.createElement("script");
        script.textContent = "document.body.dataset.broken = 'yes'";
        document.body.append(script);
      });
      await expect.poll(() => editor().policyErrors.length).toBe(1);
      expect(await graph.evaluate(() => document.body.dataset["broken"])).toBeUndefined();
    });
  });
}
