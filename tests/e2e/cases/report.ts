import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { present, type Editor } from "../support/editor";

export function reportCases(editor: () => Editor): void {
  describe("report", () => {
    test("the table sorts and its rows lead to the graph", async () => {
      await editor().choose("detector.onnx", "Ethos-U", "Show Report");
      const report = await editor().content("report");
      const cycles = async (): Promise<number[]> => (await report.locator("table.operators tbody tr td:nth-child(6)").allTextContents())
        .filter((text) => text !== "").map((text) => Number(text.replaceAll(",", "")));
      const head = report.getByRole("button", { name: "Cycles", exact: true });
      await head.click();
      const falling = await cycles();
      expect(falling.length).toBeGreaterThan(5);
      expect(falling).toEqual([...falling].sort((a, b) => b - a));
      await editor().picture("report");
      await head.click();
      expect(await cycles()).toEqual([...falling].reverse());
      expect(await report.locator(".tensors rect").count()).toBeGreaterThan(5);
      await report.locator(".tensors").scrollIntoViewIfNeeded();
      await editor().picture("report-charts");
      await report.locator("table.operators tbody tr").filter({ hasText: "TOPK_V2" }).getByRole("link").click();
      const graph = await editor().content("graph");
      await graph.locator(".details h2").filter({ hasText: "TOPK_V2" }).waitFor();
    });

    test("it is exported as HTML, CSV and JSON", async () => {
      await editor().choose("detector.onnx", "Ethos-U", "Show Report");
      const report = await editor().content("report");
      for (const format of ["html", "csv", "json"]) {
        await report.getByRole("button", { name: `Export ${format.toUpperCase()}` }).click();
        await editor().page.locator(".quick-input-widget").getByRole("button", { name: "OK" }).click();
        await expect.poll(present(editor().path(`detector.report.${format}`)), { timeout: 30_000 }).toBe(true);
      }
      const text = (format: string): string => readFileSync(editor().path(`detector.report.${format}`), "utf8");
      await expect.poll(() => text("csv")).toMatch(/^#,Operator,Name,.*\r\n0,/);
      await expect.poll(() => text("html")).toMatch(/^<!DOCTYPE html>[\s\S]*\.facts[\s\S]*<\/html>\s*$/);
      expect(text("html")).not.toContain("<button");
      await expect.poll(() => text("json")).not.toBe("");
      expect(JSON.parse(text("json"))).toMatchObject({ title: "detector.onnx" });
    });

    test("targets are compared side by side", async () => {
      await editor().choose("detector.onnx", "Ethos-U", "Compare Targets");
      const report = await editor().content("report");
      expect(await report.locator("thead th").allTextContents())
        .toEqual(["", "ethos-u55-32", "ethos-u55-64", "ethos-u55-128", "ethos-u55-256", "ethos-u65-256", "ethos-u65-512"]);
      const times = await report.locator("tbody tr").filter({ hasText: "Inference time" }).locator("td").allTextContents();
      expect(times.length).toBe(6);
      for (const time of times) expect(time).toMatch(/^[\d.]+ (µs|ms)$/);
      await editor().picture("comparison");
    });

    test("the accuracy of a conversion stands in the report once it is measured", async () => {
      await editor().made("simple_network.tflite");
      await editor().choose("simple_network.onnx", "Ethos-U", "Show Report");
      const report = await editor().content("report");
      const accuracy = report.locator("section").filter({ has: report.getByRole("heading", { name: "Accuracy" }) });
      await accuracy.getByText(/[\d.]+ dB/).first().waitFor();
      await accuracy.scrollIntoViewIfNeeded();
      await editor().picture("report-accuracy");
    });
  });
}
