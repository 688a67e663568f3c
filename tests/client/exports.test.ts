import { describe, expect, it } from "vitest";
import type { ReportData } from "../../client/src/protocol";
import { reportCsv } from "../../client/webview/report/exports";

describe("reportCsv", () => {
  it("quotes what must be quoted, and lets no text be run as a formula", () => {
    const report = {
      table: {
        columns: [{ title: "Name", numeric: false }, { title: "Cycles", numeric: true }],
        rows: [{ cells: ["a, \"b\"", 12] }, { cells: ["=1+1", -5] }, { cells: ["plain", null] }],
      },
    } as unknown as ReportData;
    expect(reportCsv(report)).toBe("Name,Cycles\r\n\"a, \"\"b\"\"\",12\r\n'=1+1,-5\r\nplain,\r\n");
  });
});
