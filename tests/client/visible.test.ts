import { describe, expect, it } from "vitest";
import { blocksOf, blockSizes, combine, innerBlocks, overviewBlocks, visibleGraph } from "../../client/webview/graph/visible";
import { cycles, error, graph, node } from "./support/graphs";

describe("visibleGraph", () => {
  const data = graph(
    [node("a"), node("b", ["layer1"], { placement: "npu" }), node("c", ["layer1"], { placement: "cpu", severity: "warning" }),
      node("d", ["layer2"])],
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

  it("hides an inner block in an outer one that is collapsed too", () => {
    const nested = graph([node("a", ["f", "0"]), node("b", ["f", "0"]), node("c", ["f", "1"])]);
    expect(visibleGraph(nested, new Set(["f.0"])).nodes.map((n) => n.id)).toEqual(["block:f.0", "c"]);
    expect(visibleGraph(nested, new Set(["f.0", "f"])).nodes.map((n) => n.id)).toEqual(["block:f"]);
  });
});

describe("blocks", () => {
  it("have the paths of their modules and their numbers of operators; one operator is no block", () => {
    expect(blocksOf(node("a", ["f", "1", "body"]))).toEqual(["f", "f.1", "f.1.body"]);
    expect([...blockSizes(graph([node("a", ["f", "0"]), node("b", ["f", "1"]), node("c", ["f", "1"])]))]).toEqual([["f", 3], ["f.1", 2]]);
  });

  it.each([
    ["the outermost ones", [["a"], ["a"], ["b"], ["b"], []], ["a", "b"]],
    ["those inside of one that holds nearly everything", [["f", "0"], ["f", "0"], ["f", "1"], ["f", "1"], ["f", "2"], []], ["f.0", "f.1"]],
    ["one that holds nearly everything, if there are none inside", [["f"], ["f"], ["f"], []], ["f"]],
    ["none where all is one block without blocks inside", [["f"], ["f"]], []],
    ["none where there are no modules", [[], [], []], []],
  ])("give an overview: %s", (_, groups, expected) => {
    expect(overviewBlocks(graph(groups.map((group, i) => node(`n${i}`, group))))).toEqual(expected);
  });

  it("have the blocks inside of them", () => {
    const data = graph([["f", "0", "x"], ["f", "0", "x"], ["f", "1"], ["f", "1"], ["f", "2"], ["g"], ["g"]]
      .map((group, i) => node(`n${i}`, group)));
    expect(innerBlocks(data, "f")).toEqual(["f.0", "f.1"]);
    expect(innerBlocks(data, "f.0")).toEqual(["f.0.x"]);
    expect(innerBlocks(data, "g")).toEqual([]);
  });

  it("sum amounts and keep the greatest level", () => {
    expect(combine([node("a", [], { measures: { cycles: 3, error: -40 } }), node("b", [], { measures: { cycles: 4, error: -30 } }),
      node("c", [], { measures: {} })], [cycles, error]))
      .toEqual({ cycles: 7, error: -30 });
  });
});
