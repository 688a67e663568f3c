import { describe, expect, it } from "vitest";
import type { ComparisonData, MemoryMap, ReportData } from "../../client/shared/protocol";
import { peak, usedBytes } from "../../client/webview/report/arena";
import { barWidths, bestColumns } from "../../client/webview/report/comparison";
import { comparisonCsv, reportCsv } from "../../client/webview/report/exports";
import { filterRows, sortRows } from "../../client/webview/report/sort";
import { bytes, byteTicks, number, percent } from "../../client/webview/shared/format";

describe("format", () => {
  it.each([[0, "0"], [1234567, "1,234,567"], [0.12345, "0.123"], [12.345, "12.3"], [-50.25, "-50.3"]])("number %s is %s",
    (value, text) => expect(number(value)).toBe(text));
  it.each([[0, "0 bytes"], [1023, "1,023 bytes"], [1024, "1 KiB"], [26931, "26.3 KiB"], [1048576, "1 MiB"], [1572864, "1.5 MiB"]])(
    "%s bytes are %s", (value, text) => expect(bytes(value)).toBe(text));
  it.each([[1, 3, "33.3 %"], [0, 5, "0 %"], [1, 100000, "< 0.1 %"], [5, 5, "100 %"], [1, 0, ""]])("%s of %s is %s",
    (part, whole, text) => expect(percent(part, whole)).toBe(text));
  it.each([[80 * 1024, 7, 16384], [26931, 7, 4096], [100, 7, 16], [3, 7, 1]])("ticks up to %s bytes, about %s, are %s apart",
    (most, count, step) => {
    const ticks = byteTicks(most, count);
    expect(ticks[0]).toBe(0);
    expect(ticks[1]).toBe(step);
    expect(ticks.at(-1)).toBeLessThanOrEqual(most);
    expect(ticks.length).toBeLessThanOrEqual(count + 1);
  });
  it("nothing has one tick", () => expect(byteTicks(0, 5)).toEqual([0]));
});

describe("rows", () => {
  const rows = [{ cells: ["conv10", 5] }, { cells: ["conv2", null] }, { cells: ["add", 50] }, { cells: [null, 7] }];
  const names = (sorted: { cells: (string | number | null)[] }[]): unknown[] => sorted.map(({ cells }) => cells[0]);

  it.each([
    [0, false, ["add", "conv2", "conv10", null]], [0, true, ["conv10", "conv2", "add", null]],
    [1, false, ["conv10", null, "add", "conv2"]], [1, true, ["add", null, "conv10", "conv2"]],
  ])("sort by column %s, descending: %s", (column, descending, expected) => expect(names(sortRows(rows, column, descending)))
    .toEqual(expected));

  it("are not changed by sorting, and stay in order where they are alike", () => {
    const alike = [{ cells: ["b", 1] }, { cells: ["a", 1] }];
    expect(names(sortRows(alike, 1, true))).toEqual(["b", "a"]);
    sortRows(rows, 0, true);
    expect(names(rows)).toEqual(["conv10", "conv2", "add", null]);
  });

  it.each([["", 4], ["conv", 2], ["CONV 5", 1], ["nothing", 0]])("'%s' leaves %s",
    (query, count) => expect(filterRows(rows, query)).toHaveLength(count));
});

describe("arena", () => {
  const memory: MemoryMap = { size: 100, steps: 3, tensors: [
    { name: "a", offset: 0, size: 40, first: 0, last: 1 }, { name: "b", offset: 40, size: 60, first: 1, last: 2 },
    // In the place of b.
    { name: "b2", offset: 40, size: 50, first: 1, last: 1 }] };

  it("counts bytes once that tensors share", () => expect(usedBytes(memory)).toEqual([40, 100, 60]));
  it("has its peak at the first step with the most", () => expect(peak([1, 5, 5, 2])).toEqual({ step: 1, bytes: 5 }));
  it("of nothing has none", () => expect(peak(usedBytes({ size: 0, steps: 0, tensors: [] }))).toEqual({ step: 0, bytes: 0 }));
});

describe("comparison", () => {
  const row = (values: (number | null)[], better?: "less" | "more") =>
    ({ label: "", cells: values.map(String), values, ...(better === undefined ? {} : { better }) });

  it.each([
    [[3, 1, 2], "less", [1]], [[3, 1, 3], "more", [0, 2]], [[3, null, 2], "less", [2]], [[2, 2], "less", []], [[5], "less", []],
      [[3, 1], undefined, []],
  ] as const)("of %s, %s is better: best are %s", (values, better, best) => expect(bestColumns(row([...values], better))).toEqual(best));

  it("draws bars in proportion to the greatest", () => {
    expect(barWidths(row([50, null, 100]))).toEqual([50, undefined, 100]);
    expect(barWidths({ label: "", cells: ["a", "b"] })).toEqual([undefined, undefined]);
    expect(barWidths(row([0, 0]))).toEqual([undefined, undefined]);
  });
});

describe("exports", () => {
  it("quote what must be quoted, and let no text be run as a formula", () => {
    const report = {
      table: {
        columns: [{ title: "Name", numeric: false }, { title: "Cycles", numeric: true }],
        rows: [{ cells: ["a, \"b\"", 12] }, { cells: ["=1+1", -5] }, { cells: ["plain", null] }, { cells: ["two\nlines", 1.5] }],
      },
    } as unknown as ReportData;
    expect(reportCsv(report)).toBe("Name,Cycles\r\n\"a, \"\"b\"\"\",12\r\n'=1+1,-5\r\nplain,\r\n\"two\nlines\",1.5\r\n");
  });

  it("have a line for each figure of a comparison", () => {
    const comparison: ComparisonData =
      { title: "", uri: "", columns: ["u55", "u65"], rows: [{ label: "NPU cycles", cells: ["1,000", "500"] }] };
    expect(comparisonCsv(comparison)).toBe(",u55,u65\r\nNPU cycles,\"1,000\",500\r\n");
  });
});
