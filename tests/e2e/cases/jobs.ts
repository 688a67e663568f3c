import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Editor } from "../support/editor";

/** A job ends within a second of its cancellation; the rest is for a machine that is busy with other things. */
const cancelled = 1_000 + 4_000;

export function jobCases(editor: () => Editor): void {
  describe("conversion and compilation", () => {
    test("right-click, Convert: the .tflite file appears in the explorer", async () => {
      expect(existsSync(editor().path("digits/simple_network.tflite"))).toBe(false);
      await editor().choose("simple_network.onnx", "Convert to int8 TFLite");
      await editor().file("simple_network.tflite").waitFor({ timeout: 60_000 });
      const note = editor().notification("simple_network.tflite");
      expect(await note.textContent()).toMatch(/int8, [\d.]+ KiB, 9 operators/);
      await editor().picture("converted");
      expect(readFileSync(editor().path("digits/simple_network.tflite")).toString("latin1", 4, 8)).toBe("TFL3");
    });

    test("right-click, Compile: the compiled file appears and the report opens with its figures", async () => {
      await editor().choose("simple_network.onnx", "Compile for Ethos-U");
      await editor().file("simple_network_npu.tflite").waitFor({ timeout: 60_000 });
      await editor().tab("Report: simple_network.onnx").waitFor();
      const report = await editor().content("report");
      const facts = Object
        .fromEntries(await report.locator(".facts div")
        .evaluateAll((all) => all.map((fact) => [fact.querySelector("dt")?.textContent, fact.querySelector("dd")?.textContent])));
      expect(facts["On the NPU"]).toBe("9 of 9 operators");
      expect(facts["NPU cycles"]).toMatch(/^\d{2,3},\d{3}$/);
      expect(facts["Inference time"]).toMatch(/^[\d.]+ (µs|ms)$/);
      expect(facts["Arena"]).toMatch(/^[\d.]+ KiB$/);
      expect(facts["Flash"]).toMatch(/^[\d.]+ KiB$/);
      expect(await report.locator("table.operators tbody tr").count()).toBe(9);
      await editor().picture("compiled");
      expect(readFileSync(editor().path("digits/simple_network_npu.tflite")).toString("latin1")).toContain("ethos-u");
    });

    test("right-click, Export as C Array: the sources for TensorFlow Lite Micro are written", async () => {
      await editor().made("simple_network_npu.tflite");
      const before = readdirSync(editor().path("digits"));
      await editor().choose("simple_network_npu.tflite", "Ethos-U", "Export as C Array");
      const note = editor().notification("1 operator to resolve");
      await note.waitFor();
      await editor().picture("exported");
      const written = readdirSync(editor().path("digits")).filter((name) => !before.includes(name));
      expect(written.map((name) => name.split(".").pop()).sort()).toEqual(["cc", "h"]);
      for (const name of written) await editor().file(name).waitFor();
    });

    test("the code lens over torch.onnx.export runs the conversion and shows its result", async () => {
      await editor().open("detector.py");
      await editor().goToLine(42);
      const lens = editor().page.locator(".codelens-decoration a");
      await lens.filter({ hasText: "Convert to int8" }).click();
      await editor().file("detector.tflite").waitFor({ timeout: 60_000 });
      await lens.filter({ hasText: /^int8, [\d.]+ KiB/ }).waitFor();
      await editor().picture("code-lens");
      await lens.filter({ hasText: "Show graph" }).click();
      await editor().content("graph");
      await editor().tab("detector.onnx").waitFor();
    });

    test.each([["Convert to int8 TFLite", "Converting slow.onnx", "slow.tflite", "convert"],
      ["Compile for Ethos-U", "Compiling slow.onnx", "slow_npu.tflite", "compile"]])(
      "%s: cancelled, it stops within a second and leaves no file", async (item, title, result, method) => {
        const files = readdirSync(editor().path(""));
        await editor().choose("slow.onnx", item);
        const note = editor().notification(title);
        await note.filter({ hasText: "calibrating" }).waitFor({ timeout: 120_000 });
        await editor().picture(`progress-${result}`);
        await note.hover();
        const said = editor().trace().length;
        await note.getByRole("button", { name: "Cancel" }).click();
        const start = Date.now();
        // The server has stopped when it answers the request.
        await expect.poll(() => editor().trace().slice(said), { timeout: cancelled, interval: 10 })
          .toMatch(new RegExp(`Received response 'ethosu/${method} - \\(\\d+\\)' in \\d+ms\\. Request failed`));
        console.log(`${title}: the server answered ${Date.now() - start} ms after it was cancelled`);
        await note.waitFor({ state: "detached" });
        // The next job does not wait for it.
        await editor().choose("simple_network.onnx", "Convert to int8 TFLite");
        await editor().notification("simple_network.tflite: int8").waitFor({ timeout: 60_000 });
        expect(readdirSync(editor().path(""))).toEqual(files);
      });

    test("a damaged model gives a readable message, and the server lives on", async () => {
      const server = editor().serverProcess();
      await editor().choose("truncated.onnx", "Convert to int8 TFLite");
      const note = editor().notification("truncated.onnx");
      await note.filter({ hasText: "is no ONNX model, or it is damaged" }).waitFor();
      await editor().picture("damaged-message");
      expect(existsSync(editor().path("truncated.tflite"))).toBe(false);
      const rows = await editor().problems("truncated");
      await rows.filter({ hasText: "truncated.onnx" }).first().waitFor();
      await editor().picture("damaged-problem");
      await editor().problems();
      await editor().closePanel();
      await editor().open("truncated.onnx");
      const graph = await editor().content("graph", "error");
      expect(await graph.getByRole("alert").textContent()).toMatch(/truncated\.onnx/);
      await editor().picture("damaged-graph");
      await editor().open("detector.onnx");
      await editor().content("graph");
      expect(editor().serverProcess()).toBe(server);
    });

    test("Check NPU Compatibility says how many operators run on the CPU", async () => {
      await editor().choose("detector.onnx", "Check NPU Compatibility");
      await editor().notification(/detector\.onnx: \d+ of \d+ operators run on the CPU \(ethos-u55-128\)/).waitFor();
      await editor().picture("checked");
    });
  });
}
