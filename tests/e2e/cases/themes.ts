import type { Frame } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Editor } from "../support/editor";

const themes: [theme: string, short: string, body: string, isDark: boolean][] = [
  ["Light Modern", "light", "vscode-light", false], ["Dark High Contrast", "contrast-dark", "vscode-high-contrast", true],
  ["Light High Contrast", "contrast-light", "vscode-high-contrast-light", false], ["Dark Modern", "dark", "vscode-dark", true],
];

export function themeCases(editor: () => Editor): void {
  describe("themes", () => {
    test.each(themes)("%s: graph, report, comparison and walkthrough follow it", async (theme, short, body, isDark) => {
      await editor().theme(theme);
      await editor().open("detector.onnx");
      const graph = await editor().content("graph");
      await expectTheme(graph, body, isDark,
        () => graph.evaluate(() => document.querySelector("canvas")?.getContext("2d")?.getImageData(3, 3, 1, 1).data[0] ?? -1));
      await graph.locator(".operators li").filter({ hasText: "CUMSUM" }).first().click();
      await graph.locator(".details .finding").first().waitFor();
      await editor().picture(`theme-${short}-graph`);
      await editor().choose("simple_network.onnx", "Ethos-U", "Show Report");
      const report = await editor().content("report");
      await expectTheme(report, body, isDark,
        () => report.evaluate(() => Number(/\d+/.exec(getComputedStyle(document.body).backgroundColor)?.[0] ?? -1)));
      await editor().picture(`theme-${short}-report`);
      await report.locator(".tensors").scrollIntoViewIfNeeded();
      await editor().picture(`theme-${short}-charts`);
      await editor().choose("detector.onnx", "Ethos-U", "Compare Targets");
      await editor().tab("Targets: detector.onnx").waitFor();
      await editor().content("report");
      await editor().picture(`theme-${short}-comparison`);
      await editor().command("Welcome: Open Walkthrough...");
      await editor().pick("From PyTorch to an Ethos-U NPU");
      await editor().page.locator(".getting-started-step").filter({ hasText: "Export your network" }).first().waitFor();
      await editor().frameWith("your board's manual|verbose=True|Problems panel|calibration");
      await editor().picture(`theme-${short}-walkthrough`);
    });
  });
}

async function expectTheme(page: Frame, body: string, isDark: boolean, red: () => Promise<number>): Promise<void> {
  await page.locator(`body.${body}`).waitFor();
  await expect.poll(async () => (await red()) < 128).toBe(isDark);
}
