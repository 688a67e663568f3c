import { describe, expect, it } from "vitest";
import type { GraphData, GraphNode } from "../../client/src/protocol";
import { innerBlocks, outerBlocks, visibleGraph } from "../../client/webview/graph/visible";

function node(id: string, group: string[], extra: Partial<GraphNode> = {}): GraphNode {
  return { id, kind: "operator", label: id.toUpperCase(), name: id, detail: "", measures: { cycles: 10 }, group, opens: false, ...extra };
}

function graph(nodes: GraphNode[], edges: [string, string][]): GraphData {
  return { title: "", uri: "", summary: "", nodes, edges: edges.map(([from, to]) => ({ from, to, label: "int8" })), measures: [] };
}

describe("visibleGraph", () => {
  const data = graph(
    [node("a", []), node("b", ["layer1"], { placement: "npu" }), node("c", ["layer1"], { placement: "cpu", severity: "warning" }), node("d", ["layer2"])],
    [["a", "b"], ["b", "c"], ["c", "d"], ["a", "c"]],
  );

  it("draws every operator where nothing is collapsed", () => {
    const drawn = visibleGraph(data, new Set());
    expect(drawn.nodes.map((n) => n.id)).toEqual(["a", "b", "c", "d"]);
    expect(drawn.edges).toHaveLength(4);
  });

  it("draws a collapsed block as one node with its worst placement, severity and sums", () => {
    const drawn = visibleGraph(data, new Set(["layer1"]));
    expect(drawn.nodes).toHaveLength(3);
    const block = drawn.nodes.find((n) => n.block === "layer1");
    expect(block?.node.placement).toBe("cpu");
    expect(block?.node.severity).toBe("warning");
    expect(block?.node.measures["cycles"]).toBe(20);
    expect(drawn.owner.get("c")).toBe(block?.id);
    // The edge inside the block is gone, and the two edges from a into it are one.
    expect(drawn.edges.map((e) => [e.from, e.to])).toEqual([["a", block?.id], [block?.id, "d"]]);
  });

  it("names only blocks of several operators", () => {
    expect(outerBlocks(data)).toEqual(["layer1"]);
  });

  it("goes inside where one block holds everything", () => {
    const deep = graph([node("in", []), ...["0", "0", "1", "1", "2"].map((block, i) => node(`n${i}`, ["net", block, ...(block === "1" ? ["x"] : [])]))], []);
    expect(outerBlocks(deep)).toEqual(["net/0", "net/1"]);
    expect(innerBlocks(deep, "net/1")).toEqual(["net/1/x"]);
    expect(innerBlocks(deep, "net/0")).toEqual([]);
  });
});
