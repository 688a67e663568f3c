// The extension's pages and commands in the real editor, with a server that answers from canned data.
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Editor, missing } from "./support/editor";
import { makePackageWithFakeServer } from "./support/packages";

const reason = missing();
if (reason !== undefined) console.warn(`The tests in the editor are skipped: ${reason}`);

describe.skipIf(reason !== undefined)("pages", () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await Editor.start(await makePackageWithFakeServer(),
      { "detector.onnx": "onnx", "large.onnx": "onnx", "slow.onnx": "onnx", "corrupt.onnx": "onnx", "detector.py": "# a network\n".repeat(40) });
  });

  afterAll(async () => {
    await editor?.stop();
  });

  test("a model opens as a graph; search, selection and details work", async () => {
    await editor.open("detector.onnx");
    const graph = await editor.content("graph");
    expect(await graph.locator(".operators li").count()).toBe(8);
    expect(await graph.locator(".summary").textContent()).toContain("7 operators");
    await editor.picture("graph");
    await graph.getByRole("searchbox").fill("topk");
    await graph.locator(".operators li").filter({ hasText: "TOPK_V2" }).waitFor();
    expect(await graph.locator(".operators li").count()).toBe(1);
    await graph.locator(".operators li").first().click();
    await graph.locator(".details h2").filter({ hasText: "TOPK_V2 head.best" }).waitFor();
    expect(await graph.locator(".details .finding").textContent()).toContain("does not run on the NPU");
    await editor.picture("graph-selection");
    await graph.getByRole("searchbox").fill("nothing like it");
    await graph.locator(".found").filter({ hasText: "No operator" }).waitFor();
    await graph.getByRole("searchbox").fill("");
  });

  test("the graph is used by keyboard alone and says what is selected", async () => {
    const graph = await editor.content("graph");
    const canvas = graph.getByRole("application");
    await canvas.focus();
    await canvas.press("Escape");
    await canvas.press("ArrowDown");
    await canvas.press("ArrowDown");
    await graph.locator(".spoken").filter({ hasText: "CONV_2D, features.0, int8 [1, 80, 80, 16], NPU" }).waitFor({ state: "attached" });
    await canvas.press("Enter");
    await graph.locator(".summary").filter({ hasText: "3 operations inside" }).waitFor();
    await graph.getByRole("button", { name: "Back" }).click();
    await graph.locator(".summary").filter({ hasText: "7 operators" }).waitFor();
    await canvas.press("/");
    expect(await graph.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("search");
  });

  test("blocks collapse to one node each and expand again", async () => {
    const graph = await editor.content("graph");
    await graph.getByRole("button", { name: "Collapse blocks" }).click();
    await graph.locator("body[data-nodes='3']").waitFor();
    await editor.picture("graph-collapsed");
    await graph.getByRole("button", { name: "Expand blocks" }).click();
    await graph.locator("body[data-nodes='8']").waitFor();
  });

  test("the graph follows the colour theme", async () => {
    const graph = await editor.content("graph");
    const background = () => graph.evaluate(() => [...(document.querySelector("canvas")?.getContext("2d")?.getImageData(3, 3, 1, 1).data ?? [])].slice(0, 3));
    const dark = await background();
    for (const [theme, name] of [["Light Modern", "light"], ["Dark High Contrast", "contrast"], ["Dark Modern", "dark"]] as const) {
      await editor.command("Preferences: Color Theme");
      await editor.page.locator(".quick-input-widget input").first().fill(theme);
      await editor.pick(theme);
      await graph.locator(name === "light" ? "body.vscode-light" : name === "dark" ? "body.vscode-dark:not(.vscode-high-contrast)" : "body.vscode-high-contrast").waitFor();
      if (name === "light") await expect.poll(async () => (await background())[0]).toBeGreaterThan(200);
      if (name === "dark") await expect.poll(background).toEqual(dark);
      await editor.picture(`graph-${name}`);
    }
    await editor.closeAll();
  });

  test("2,000 operators are laid out in the worker and pan and zoom smoothly", async () => {
    await editor.open("large.onnx");
    const graph = await editor.content("graph");
    expect(await graph.evaluate(() => document.body.dataset["nodes"])).toBe("2000");
    await editor.picture("graph-large");
    // The page's own time for each frame, while the wheel zooms and the pointer drags: what a slow machine's compositor adds is not counted.
    const times = await graph.evaluate(async () => {
      const canvas = document.querySelector("canvas") as HTMLCanvasElement;
      const box = canvas.getBoundingClientRect();
      const frames: number[] = [];
      for (let i = 0; i < 60; i++) {
        canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: i < 30 ? 60 : -60, clientX: box.left + box.width / 2, clientY: box.top + 100, bubbles: true, cancelable: true, view: window }));
        await new Promise<void>((done) => requestAnimationFrame((start) => { void start; frames.push(performance.now()); done(); }));
      }
      return frames.slice(1).map((at, i) => at - (frames[i] ?? at));
    });
    const sorted = [...times].sort((a, b) => a - b);
    console.log(`2,000 operators: median frame ${sorted[Math.floor(sorted.length / 2)]?.toFixed(1)} ms, 95 % below ${sorted[Math.floor(sorted.length * 0.95)]?.toFixed(1)} ms`);
    expect(times.length).toBe(59);
    await editor.picture("graph-large-after");
    await editor.closeAll();
  });

  test("a corrupt model gives a readable message in its tab", async () => {
    await editor.open("corrupt.onnx");
    const graph = await editor.content("graph", "error");
    expect(await graph.getByRole("alert").textContent()).toContain("corrupt.onnx is damaged");
    await editor.picture("graph-error");
    await editor.closeAll();
  });

  test("the report's table sorts, its rows lead to the graph, and it is exported", async () => {
    await editor.choose("detector.onnx", "Ethos-U", "Show Report");
    const report = await editor.content("report");
    const first = report.locator(".operators tbody tr").first();
    await report.getByRole("button", { name: "Cycles" }).click();
    expect(await first.textContent()).toContain("210,400");
    await report.getByRole("button", { name: "Cycles" }).click();
    expect(await first.textContent()).toContain("800");
    expect(await report.locator(".tensors rect").count()).toBe(7);
    await editor.picture("report");
    await report.locator(".tensors").scrollIntoViewIfNeeded();
    await editor.picture("report-charts");
    for (const format of ["HTML", "CSV", "JSON"]) {
      await report.getByRole("button", { name: `Export ${format}` }).click();
      await editor.page.locator(".quick-input-widget").getByRole("button", { name: "OK" }).or(editor.page.locator(".quick-input-widget").getByText("OK", { exact: true })).first().click();
      await expect.poll(() => existsSync(editor.path(`detector.report.${format.toLowerCase()}`)), { timeout: 30_000 }).toBe(true);
    }
    expect(readFileSync(editor.path("detector.report.csv"), "utf8")).toMatch(/^Operator,Name,On,Cycles\r\n/);
    const html = readFileSync(editor.path("detector.report.html"), "utf8");
    expect(html).toContain(".facts");
    expect(html).not.toContain("<button");
    expect(JSON.parse(readFileSync(editor.path("detector.report.json"), "utf8")).title).toBe("detector.onnx");
    await first.getByRole("link").click();
    const graph = await editor.content("graph");
    await graph.locator(".details h2").filter({ hasText: "CUMSUM" }).waitFor();
    await editor.closeAll();
  });

  test("targets are compared side by side", async () => {
    await editor.choose("detector.onnx", "Ethos-U", "Compare Targets");
    const report = await editor.content("report");
    expect(await report.locator("thead th").allTextContents()).toEqual(["", "ethos-u55-128", "ethos-u55-256", "ethos-u65-512"]);
    await editor.picture("comparison");
    await editor.closeAll();
  });

  test("another target, chosen in the status bar, refreshes the problems and the open graph", async () => {
    await editor.open("detector.onnx");
    const graph = await editor.content("graph");
    const rows = await editor.problems();
    await rows.filter({ hasText: "TOPK_V2 does not run on the ethos-u55-128" }).waitFor();
    await editor.page.locator(".statusbar-item").filter({ hasText: "ethos-u55-128" }).click();
    await editor.picture("target-pick");
    await editor.pick("ethos-u65-256");
    await rows.filter({ hasText: "TOPK_V2 does not run on the ethos-u65-256" }).waitFor();
    await graph.locator(".summary").filter({ hasText: "ethos-u65-256" }).waitFor();
    await editor.page.locator(".statusbar-item").filter({ hasText: "ethos-u65-256" }).waitFor();
  });

  test("clicking a problem goes to the operator's line in the listing", async () => {
    const rows = await editor.problems();
    await rows.filter({ hasText: "TOPK_V2 does not run" }).dblclick();
    await editor.page.locator(".tab").filter({ hasText: "detector.onnx.listing" }).waitFor();
    await editor.page.locator(".statusbar-item").filter({ hasText: /Ln 7\b/ }).waitFor();
    await editor.picture("listing");
    await editor.closeAll();
  });

  test("a running conversion stops when cancelled, and leaves no file", async () => {
    await editor.choose("slow.onnx", "Convert to int8 TFLite");
    const note = editor.notification("Converting slow.onnx");
    await note.filter({ hasText: "Calibrating" }).waitFor();
    await editor.picture("progress");
    await note.getByRole("button", { name: "Cancel" }).click();
    await note.waitFor({ state: "detached", timeout: 5_000 });
    expect(existsSync(editor.path("slow.tflite"))).toBe(false);
  });

  test("the extension's page in the editor is complete, and no page broke its Content-Security-Policy", async () => {
    await editor.command("Extensions: Show Installed Extensions");
    await editor.page.locator(".extensions-viewlet .monaco-list-row").filter({ hasText: "Ethos-U Bridge" }).first().click();
    await editor.page.locator(".extension-editor .name").filter({ hasText: "Ethos-U Bridge" }).waitFor();
    await editor.picture("extension");
    expect(editor.cspErrors).toEqual([]);
  });
});
