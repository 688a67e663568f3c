import { describe, expect, test } from "vitest";
import type { Editor } from "../support/editor";

export function graphCases(editor: () => Editor): void {
  describe("graph", () => {
    test("an ONNX model opens as a graph; search, selection and details work", async () => {
      await editor().open("detector.onnx");
      const graph = await editor().content("graph");
      expect(await graph.locator(".summary").textContent()).toMatch(/^\d+ operators, \d+ on the NPU, \d+ on the CPU \(ethos-u55-128/);
      const all = await graph.locator(".operators li").count();
      await editor().picture("graph");
      await graph.getByRole("searchbox").fill("topk");
      await expect.poll(() => graph.locator(".operators li").count()).toBe(1);
      await graph.locator(".operators li").first().click();
      await graph.locator(".details h2").filter({ hasText: "TOPK_V2" }).waitFor();
      await graph.locator(".details .finding").filter({ hasText: "The NPU has no TOPK_V2." }).first().waitFor();
      await graph.locator(".details").getByRole("row", { name: /Runs on CPU/ }).waitFor();
      await editor().picture("graph-selection");
      await graph.getByRole("searchbox").fill("nothing like it");
      await graph.locator(".found").filter({ hasText: "No operator" }).waitFor();
      await graph.getByRole("searchbox").fill("");
      await expect.poll(() => graph.locator(".operators li").count()).toBe(all);
    });

    test("a click into the drawing selects an operator", async () => {
      await editor().open("detector.onnx");
      const graph = await editor().content("graph");
      // Some operator is found on the way down the middle of the drawing.
      const canvas = graph.locator("canvas");
      const box = await canvas.boundingBox();
      if (box === null) throw new Error("the drawing is not visible");
      for (let y = 40; y < box.height && !(await graph.locator(".details h2").isVisible()); y += 10) await canvas
        .click({ position: { x: box.width / 2, y } });
      await graph.locator(".details h2").waitFor();
      expect(await graph.locator(".operators li[aria-selected=true]").count()).toBe(1);
    });

    test("the graph is coloured by cycles, weights and activations", async () => {
      await editor().open("detector.onnx");
      const graph = await editor().content("graph");
      for (const measure of ["cycles", "weights", "activations"]) {
        await graph.getByLabel("Colour by").selectOption(measure);
        await editor().picture(`graph-${measure}`);
      }
    });

    test("the graph is used by keyboard alone and says what is selected", async () => {
      await editor().open("detector.onnx");
      const graph = await editor().content("graph");
      const canvas = graph.getByRole("application");
      await canvas.focus();
      await canvas.press("ArrowDown");
      await graph.locator(".spoken").filter({ hasText: "input, image, int8[1, 64, 64, 3]" }).waitFor({ state: "attached" });
      await canvas.press("ArrowDown");
      await canvas.press("ArrowDown");
      await graph.locator(".spoken").filter({ hasText: "CONV_2D, /stem/conv/Conv, int8[1, 32, 32, 16], NPU" })
        .waitFor({ state: "attached" });
      await editor().picture("graph-keyboard");
      await canvas.press("Escape");
      await expect.poll(() => graph.locator(".operators li[aria-selected=true]").count()).toBe(0);
      await canvas.press("/");
      expect(await graph.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("search");
    });

    test("a TFLite file opens as a graph", async () => {
      await editor().made("simple_network.tflite");
      await editor().open("simple_network.tflite");
      const graph = await editor().content("graph");
      expect(await graph.locator(".summary").textContent()).toMatch(/^9 operators, 9 on the NPU/);
      await graph.locator(".operators li").filter({ hasText: "CONV_2D" }).first().click();
      await graph.locator(".details .histogram").waitFor();
      await editor().picture("graph-tflite");
    });

    test("a compiled file opens as a graph, and ethos-u opens into its operations", async () => {
      await editor().made("simple_network_npu.tflite");
      await editor().open("simple_network_npu.tflite");
      const graph = await editor().content("graph");
      await editor().picture("graph-compiled");
      await graph.locator(".operators li").filter({ hasText: "ethos-u" }).dblclick();
      await graph.locator(".summary").filter({ hasText: /^\d+ operations, [\d,]+ cycles/ }).waitFor();
      await graph.locator("body[data-state=ready]").waitFor();
      await graph.locator(".operators li").filter({ hasText: /conv/i }).first().click();
      await graph.locator(".details").getByText(/NPU_OP_CONV/).waitFor();
      await editor().picture("graph-inside");
      await graph.getByRole("button", { name: "Back" }).click();
      await graph.locator(".summary").filter({ hasText: "on the NPU" }).waitFor();
    });

    test("2,000 operators open as their blocks, are laid out, and pan and zoom", async () => {
      await editor().open("large.onnx");
      const graph = await editor().content("graph", "ready", 120_000);
      expect(await graph.evaluate(() => document.body.dataset["nodes"])).toBe("4");
      await editor().picture("graph-collapsed");
      await graph.getByRole("button", { name: "Expand blocks" }).click();
      await graph.locator("body[data-nodes='2002']").waitFor({ timeout: 90_000 });
      await editor().picture("graph-large");
      // The page's own time for each frame while the wheel zooms; what a machine without a graphics card adds is not counted.
      const frames = await graph.evaluate(async () => {
        const canvas = document.querySelector("canvas") as HTMLCanvasElement;
        const box = canvas.getBoundingClientRect();
        const at: number[] = [];
        for (let i = 0; i < 60; i++) {
          canvas.dispatchEvent(
            new WheelEvent("wheel",
              { deltaY: i < 30 ? 60 : -60, clientX: box.left + box.width / 2, clientY: box.top + 100, bubbles: true, cancelable: true,
              view: window }));
          await new Promise<void>((done) => requestAnimationFrame(() => { at.push(performance.now()); done(); }));
        }
        return at.slice(1).map((time, i) => time - (at[i] ?? time)).sort((a, b) => a - b);
      });
      console.log(`2,000 operators: median frame ${frames[29]?.toFixed(1)} ms, 95 % below ${frames[56]?.toFixed(1)} ms`);
      expect(frames.length).toBe(59);
      await graph.getByRole("button", { name: "Collapse blocks" }).click();
      await graph.locator("body[data-nodes='4']").waitFor();
    });
  });
}
