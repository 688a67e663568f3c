import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk-api.js";
import type { VisibleGraph, VisibleNode } from "./visible";

export const nodeHeight = 46;
export const labelFont = "600 12px";
export const detailFont = "11px";

export interface PlacedNode extends VisibleNode {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedEdge {
  from: string;
  to: string;
  label: string;
  points: { x: number; y: number }[];
}

export interface Layout {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  width: number;
  height: number;
}

/** The width of a text in a font of the given weight and size. */
export type MeasureText = (text: string, font: string) => number;

/** Lays graphs out from top to bottom, in a worker. */
export class Layouter {
  private elk: Promise<InstanceType<typeof ELK>> | undefined;

  constructor(private readonly measure: MeasureText) {}

  async layout(graph: VisibleGraph): Promise<Layout> {
    this.elk ??= this.start();
    const elk = await this.elk;
    const placed = await elk.layout({
      id: "graph",
      layoutOptions: {
        "elk.algorithm": "layered",
        "elk.direction": "DOWN",
        "elk.edgeRouting": "POLYLINE",
        "elk.layered.spacing.nodeNodeBetweenLayers": "32",
        "elk.spacing.nodeNode": "28",
        "elk.spacing.edgeNode": "16",
        // Thorough crossing minimisation of a large graph takes longer than anybody waits.
        "elk.layered.thoroughness": graph.nodes.length > 500 ? "1" : "5",
        "elk.layered.nodePlacement.strategy": graph.nodes.length > 500 ? "SIMPLE" : "BRANDES_KOEPF",
        "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
      },
      children: graph.nodes.map((drawn) => ({ id: drawn.id, width: widthOf(drawn, this.measure), height: nodeHeight })),
      edges: graph.edges.map((edge, index) => ({ id: `e${index}`, sources: [edge.from], targets: [edge.to] })),
    });
    return toLayout(graph, placed);
  }

  /** A page may only start a worker from a blob, so its script is fetched first. */
  private async start(): Promise<InstanceType<typeof ELK>> {
    const address = document.body.dataset["worker"];
    if (address === undefined) throw new Error("the page does not name its layout worker");
    const script = await (await fetch(address)).blob();
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    return new ELK({ workerFactory: () => new Worker(url) });
  }
}

function widthOf(drawn: VisibleNode, measure: MeasureText): number {
  // Beside the label there is room for the mark of a finding.
  const label = measure(drawn.node.label, labelFont) + 34;
  const detail = measure(drawn.block === undefined ? drawn.node.detail : drawn.node.name, detailFont)
    + (drawn.node.placement === "cpu" ? 52 : 24);
  return Math.ceil(Math.min(340, Math.max(96, label, detail)));
}

function toLayout(graph: VisibleGraph, placed: ElkNode): Layout {
  const positions = new Map((placed.children ?? []).map((child) => [child.id, child]));
  const edges = (placed.edges ?? []) as ElkExtendedEdge[];
  return {
    nodes: graph.nodes.map((drawn) => {
      const at = positions.get(drawn.id);
      return { ...drawn, x: at?.x ?? 0, y: at?.y ?? 0, width: at?.width ?? 0, height: at?.height ?? 0 };
    }),
    edges: graph.edges.map((edge, index) => {
      const section = edges[index]?.sections?.[0];
      return { ...edge, points: section === undefined ? [] : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] };
    }),
    width: placed.width ?? 0,
    height: placed.height ?? 0,
  };
}
