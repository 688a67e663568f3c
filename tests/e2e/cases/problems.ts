import { describe, expect, test } from "vitest";
import type { Editor } from "../support/editor";

/** Operators of the detector that do not suit the NPU, by the Python line that made them. */
const operators: [operator: string, line: number][] = [["TOPK_V2", 35], ["CUMSUM", 36], ["LOG_SOFTMAX", 36]];

export function problemCases(editor: () => Editor): void {
  describe("problems", () => {
    test("the lines 35 and 36 of detector.py carry the warnings, one each, with reason, advice and rule", async () => {
      await editor().open("detector.py");
      const rows = await editor().problems("detector.onnx: ");
      for (const [operator, line] of operators)
        await rows.filter({ hasText: new RegExp(`${operator}.*\\[Ln ${line}, Col 9\\]`, "s") }).first().waitFor();
      for (const line of new Set(operators.map(([, line]) => line))) {
        const row = rows.filter({ hasText: `[Ln ${line}, Col 9]` });
        expect(await row.count()).toBe(1);
        // A reason and an advice, each a sentence, then the rule, which leads to its page.
        expect(await row.textContent()).toMatch(/^detector\.onnx: [A-Z_0-9]+: [^.]*\. [A-Z].+\.Ethos-U(npu|quantize)-[a-z-]+\[Ln/s);
        expect(await row.locator("a").filter({ hasText: /^(npu|quantize)-[a-z-]+$/ }).count()).toBe(1);
      }
      await editor().picture("problems");
      await editor().problems();
      await editor().closePanel();
      await editor().goToLine(33);
      await expect.poll(() => editor().underlinedLines()).toEqual(expect.arrayContaining([35, 36]));
      await editor().picture("python-warnings");
      await editor().hover("ranked, _ = torch.topk");
      await editor().page.locator(".monaco-hover-content").filter({ hasText: "The NPU has no TOPK_V2" }).first().waitFor();
      await editor().picture("python-hover");
    });

    test("a related place of a problem is the operator's line in the listing, and from there it is found in the graph", async () => {
      const rows = await editor().problems("detector.onnx");
      const related = rows.filter({ hasText: /CUMSUM .*from line 36/ });
      await rows.filter({ hasText: "[Ln 36, Col 9]" }).first().click();
      if (await related.count() === 0) await editor().page.keyboard.press("ArrowRight");
      await editor().picture("problems-related");
      await related.first().dblclick();
      await editor().tab("detector.onnx.listing").waitFor();
      await expect.poll(() => editor().currentLine()).toMatch(/^CPU .*= CUMSUM\(/);
      await editor().closePanel();
      await editor().picture("listing");
      const lens = editor().page.locator(".codelens-decoration a").filter({ hasText: "falls back to the CPU: CUMSUM" });
      await lens.first().click();
      const graph = await editor().content("graph");
      await graph.locator(".details h2").filter({ hasText: /^CUMSUM / }).waitFor();
      await editor().picture("listing-to-graph");
      await graph.getByRole("button", { name: "Go to detector.py:36" }).click();
      await expect.poll(() => editor().currentLine()).toMatch(/torch\.cumsum/);
      await editor().picture("graph-to-python");
    });

    test("another target, chosen in the status bar, refreshes problems, graph and listing", async () => {
      const rows = await editor().problems("memory mode");
      const refused = rows.filter({ hasText: "The memory mode 'Dedicated_Sram' does not fit" });
      await refused.first().waitFor();
      await editor().open("detector.onnx");
      const graph = await editor().content("graph");
      await graph.locator(".summary").filter({ hasText: "ethos-u55-128" }).waitFor();
      await editor().target("ethos-u55-128").click();
      await editor().picture("target-pick");
      await editor().pick("Ethos-U65-256");
      await editor().target("ethos-u65-256").waitFor();
      await refused.first().waitFor({ state: "detached" });
      await graph.locator(".summary").filter({ hasText: "ethos-u65-256" }).waitFor();
      await editor().picture("target-changed");
      await editor().target("ethos-u65-256").click();
      await editor().pick("Ethos-U55-128");
      await refused.first().waitFor();
      await graph.locator(".summary").filter({ hasText: "ethos-u55-128" }).waitFor();
      await editor().problems();
      await editor().closePanel();
    });
  });
}
