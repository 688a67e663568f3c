import type { GraphData, GraphNode } from "../../src/protocol";

/** A node as drawn: an operator, or a collapsed block that stands for several. */
export interface VisibleNode {
  id: string;
  node: GraphNode;
  /** The operators that it stands for; itself alone unless it is a block. */
  members: GraphNode[];
  /** The path of the block, if it is one. */
  block?: string;
}

export interface VisibleEdge {
  from: string;
  to: string;
  label: string;
}

export interface VisibleGraph {
  nodes: VisibleNode[];
  edges: VisibleEdge[];
  /** Under which drawn node each operator is found. */
  owner: Map<string, string>;
}

/** The blocks of a graph that hold more than one operator, by path: the outermost ones, and the next inner ones where one alone holds everything. */
export function outerBlocks(data: GraphData): string[] {
  const grouped = data.nodes.filter((node) => node.group.length > 0).length;
  let blocks = innerBlocks(data, "");
  for (let only = blocks[0]; blocks.length === 1 && only !== undefined && grouped === membersOf(data, only); only = blocks[0]) {
    const inner = innerBlocks(data, only);
    if (inner.length === 0) break;
    blocks = inner;
  }
  return blocks;
}

/** The blocks directly inside a block that hold more than one operator, by path. */
export function innerBlocks(data: GraphData, block: string): string[] {
  const depth = block === "" ? 0 : block.split("/").length;
  const counts = new Map<string, number>();
  for (const { group } of data.nodes) {
    if (group.length <= depth || group.slice(0, depth).join("/") !== block) continue;
    const path = group.slice(0, depth + 1).join("/");
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([path]) => path);
}

function membersOf(data: GraphData, block: string): number {
  const depth = block.split("/").length;
  return data.nodes.filter((node) => node.group.slice(0, depth).join("/") === block).length;
}

/** The graph with some blocks, named by their paths, drawn as one node each. */
export function visibleGraph(data: GraphData, collapsed: ReadonlySet<string>): VisibleGraph {
  const owner = new Map<string, string>();
  const nodes = new Map<string, VisibleNode>();
  for (const node of data.nodes) {
    const block = collapsedBlock(node, collapsed);
    const id = block === undefined ? node.id : `block:${block}`;
    owner.set(node.id, id);
    const present = nodes.get(id);
    if (present !== undefined) present.members.push(node);
    else nodes.set(id, { id, node, members: [node], ...(block === undefined ? {} : { block }) });
  }
  for (const drawn of nodes.values()) if (drawn.block !== undefined) drawn.node = blockNode(drawn.id, drawn.block, drawn.members);
  const edges = new Map<string, VisibleEdge>();
  for (const edge of data.edges) {
    const from = owner.get(edge.from);
    const to = owner.get(edge.to);
    if (from !== undefined && to !== undefined && from !== to) edges.set(`${from}\n${to}\n${edge.label}`, { from, to, label: edge.label });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], owner };
}

function collapsedBlock(node: GraphNode, collapsed: ReadonlySet<string>): string | undefined {
  for (let depth = 1; depth <= node.group.length; depth++) {
    const path = node.group.slice(0, depth).join("/");
    if (collapsed.has(path)) return path;
  }
  return undefined;
}

function blockNode(id: string, block: string, members: GraphNode[]): GraphNode {
  const measures: Record<string, number> = {};
  for (const member of members)
    for (const [name, value] of Object.entries(member.measures)) measures[name] = (measures[name] ?? 0) + value;
  const last = members[members.length - 1] as GraphNode;
  const onCpu = members.some((member) => member.placement === "cpu");
  const onNpu = members.some((member) => member.placement === "npu");
  const severities = members.map((member) => member.severity);
  const severity = (["error", "warning", "info"] as const).find((level) => severities.includes(level));
  return {
    id,
    kind: "operator",
    label: block,
    name: `${members.length} operators`,
    detail: last.detail,
    ...(onCpu ? { placement: "cpu" as const } : onNpu ? { placement: "npu" as const } : {}),
    ...(severity === undefined ? {} : { severity }),
    measures,
    group: [],
    opens: false,
  };
}
