import { describe, expect, it } from "vitest";
import { amount, colouring, measureRows } from "../../client/webview/graph/colour";
import type { PlacedEdge, PlacedNode } from "../../client/webview/graph/layout";
import { neighbour } from "../../client/webview/graph/navigation";
import { findNodes, nextFound } from "../../client/webview/graph/search";
import { visibleGraph } from "../../client/webview/graph/visible";
import { cycles, error, graph, node } from "./support/graphs";

describe("search", () => {
  const nodes = [node("a", [], { label: "CONV_2D", name: "/stem/conv", placement: "npu", detail: "int8[1, 8]" }),
    node("b", [], { label: "TOPK_V2", name: "/TopK", placement: "cpu", severity: "warning" })];

  it.each([["", "ab"], ["conv", "a"], ["STEM npu", "a"], ["int8[1", "a"], ["warning", "b"], ["cpu topk", "b"], ["conv cpu", ""],
    ["  ", "ab"]])("'%s' finds '%s'", (query, expected) => {
    expect(findNodes(nodes, query).map((found) => found.id).join("")).toBe(expected);
  });

  it.each([[undefined, 1, "a"], ["a", 1, "b"], ["b", 1, "a"], ["a", -1, "b"], [undefined, -1, "b"]] as const)("goes on from %s by %s to %s",
    (selected, step, expected) => {
    expect(nextFound(nodes, selected, step)?.id).toBe(expected);
  });

  it("goes nowhere where nothing was found", () => expect(nextFound([], "a", 1)).toBeUndefined());
});

describe("colouring", () => {
  const drawn = visibleGraph(graph([
    node("a", [], { placement: "npu", measures: { cycles: 100, error: -50 } }),
      node("b", [], { placement: "cpu", measures: { cycles: 50, error: -20 } }), node("c", [], { measures: {} })]), new Set()).nodes;
  const strengths =
    (name: string): (number | undefined)[] => drawn.map((one) => colouring(name, drawn, [cycles, error]).tint(one)?.strength);

  it("shows amounts from nothing to the most, and levels from the least to the greatest", () => {
    expect(strengths("cycles")).toEqual([1, 0.5, undefined]);
    expect(colouring("cycles", drawn, [cycles, error]).legend).toEqual({ title: "Cycles", from: "0", to: "100" });
    expect(strengths("error")).toEqual([0, 1, undefined]);
    expect(colouring("error", drawn, [cycles, error]).legend).toEqual({ title: "Quantization error", from: "-50 dB", to: "-20 dB" });
  });

  it("shows placement by the colours of NPU and CPU", () => {
    const { tint, legend } = colouring("placement", drawn, []);
    expect(drawn.map((one) => tint(one)?.colour)).toEqual(["npu", "cpu", undefined]);
    expect(legend?.title).toBe("Runs on");
  });

  it.each(["", "unknown"])("'%s' colours nothing", (name) => {
    const { tint, legend } = colouring(name, drawn, [cycles]);
    expect(drawn.map(tint)).toEqual([undefined, undefined, undefined]);
    expect(legend).toBeUndefined();
  });

  it("is no colour where all are nothing", () => {
    const zero = visibleGraph(graph([node("a", [], { measures: { cycles: 0 } })]), new Set()).nodes;
    expect(colouring("cycles", zero, [cycles]).tint(zero[0] as never)).toBeUndefined();
  });

  it("writes values with their unit and share", () => {
    expect(amount(1234, cycles)).toBe("1,234");
    expect(measureRows(node("a", [], { measures: { cycles: 25, error: -30 } }), { cycles: 100, error: -20 }, [cycles, error]))
      .toEqual([["Cycles", "25 (25 %)"], ["Quantization error", "-30 dB"]]);
  });
});

describe("arrow keys", () => {
  //   a
  //  b c     a also leads to d, past b and c
  //   d
  const at = (id: string, x: number, y: number): PlacedNode => ({ id, node: node(id), members: [], x, y, width: 100, height: 40 });
  const nodes = [at("a", 60, 0), at("b", 0, 60), at("c", 120, 60), at("d", 60, 120)];
  const edges: PlacedEdge[] =
    [["a", "d"], ["a", "b"], ["a", "c"], ["b", "d"], ["c", "d"]]
      .map(([from, to]) => ({ from: from as string, to: to as string, label: "", points: [] }));

  it.each([
    [undefined, "ArrowDown", "a"], ["a", "ArrowDown", "b"], ["b", "ArrowDown", "d"], ["d", "ArrowDown", undefined],
    ["d", "ArrowUp", "b"], ["b", "ArrowUp", "a"], ["b", "ArrowRight", "c"], ["c", "ArrowLeft", "b"], ["c", "ArrowRight", undefined],
      ["b", "ArrowLeft", undefined], ["gone", "ArrowUp", "a"],
  ] as const)("from %s by %s to %s", (from, key, to) => expect(neighbour(nodes, edges, from, key)).toBe(to));

  it("go nowhere in an empty graph", () => expect(neighbour([], [], undefined, "ArrowDown")).toBeUndefined());
});
