import type { GraphData, GraphNode, Measure } from "../../../client/shared/protocol";

export const cycles: Measure = { id: "cycles", title: "Cycles", unit: "" };
export const error: Measure = { id: "error", title: "Quantization error", unit: "dB", combine: "max" };

export function node(id: string, group: string[] = [], extra: Partial<GraphNode> = {}): GraphNode {
  return { id, kind: "operator", label: id.toUpperCase(), name: id, detail: "", measures: { cycles: 10 }, group, opens: false, ...extra };
}

export function graph(nodes: GraphNode[], edges: [string, string][] = []): GraphData {
  return { title: "", uri: "", summary: "", nodes, edges: edges.map(([from, to]) => ({ from, to, label: "int8" })),
    measures: [cycles, error] };
}
