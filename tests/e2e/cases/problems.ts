import { describe, expect, test } from "vitest";
import type { Editor } from "../support/editor";

/** Operators of the detector that do not suit the NPU, by the Python line that made them. */
const operators: [operator: string, line: number][] = [["TOPK_V2", 35], ["CUMSUM", 36], ["LOG_SOFTMAX", 36]];

export function problemCases(editor: () => Editor): void {
  describe("problems", () => {
    test.each(["TOPK_V2", "CUMSUM", "LOG_SOFTMAX"])("the Problems panel names %s of detector.onnx with reason, advice and rule",
      async (operator) => {
      const rows = await editor().problems("detector.onnx.listing");
      await rows.filter({ hasText: "detector.onnx.listing" }).first().waitFor();
      await editor().problems(`${operator}: `);
      const row = rows.filter({ hasText: new RegExp(`^${operator}: `) }).first();
      // A reason and an advice, each a sentence, then the rule, which leads to its page.
      expect(await row.textContent())
        .toMatch(new RegExp(`^${operator}: [^.]*\\b${operator.replace("_", ".?")}\\b[^.]*\\. [A-Z].+\\.Ethos-U(npu|quantize)-[a-z-]+\\[Ln \\d+, Col 1\\]`, "i"));
      expect(await row.locator("a").filter({ hasText: /^(npu|quantize)-[a-z-]+$/ }).count()).toBe(1);
      await editor().picture(`problems-${operator.toLowerCase()}`);
    });

    test("the lines 35 and 36 of detector.py carry the warnings", async () => {
      await editor().open("detector.py");
      const rows = await editor().problems();
      for (const [operator, line] of operators) {
        await editor().problems(`detector.onnx: ${operator}: `);
        await rows.filter({ hasText: new RegExp(`^detector\\.onnx: ${operator}: .*\\[Ln ${line}, Col 9\\]`) }).first().waitFor();
      }
      await editor().problems();
      await editor().closePanel();
      await editor().goToLine(33);
      await expect.poll(() => editor().underlinedLines()).toEqual(expect.arrayContaining([35, 36]));
      await editor().picture("python-warnings");
      await editor().hover("ranked, _ = torch.topk");
      await editor().page.locator(".monaco-hover-content").filter({ hasText: "The NPU has no TOPK_V2" }).first().waitFor();
      await editor().picture("python-hover");
    });

    test("clicking a problem goes to the operator's line in the listing, and from there to it in the graph", async () => {
      const rows = await editor().problems("CUMSUM: ");
      await rows.filter({ hasText: /^CUMSUM: / }).first().dblclick();
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
