import type { GraphData, GraphNode, Measure } from "../../shared/protocol";

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

/** The paths of the blocks around a node, outermost first: `features`, `features.1`. */
export function blocksOf(node: GraphNode): string[] {
  return node.group.map((_, i) => node.group.slice(0, i + 1).join("."));
}

/** How many operators each block holds; blocks of one operator are none. */
export function blockSizes(data: GraphData): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const node of data.nodes) for (const path of blocksOf(node)) sizes.set(path, (sizes.get(path) ?? 0) + 1);
  for (const [path, size] of sizes) if (size < 2) sizes.delete(path);
  return sizes;
}

/** The blocks that give an overview: the outermost ones, but those inside of one that holds nearly everything. */
export function overviewBlocks(data: GraphData): string[] {
  const sizes = blockSizes(data);
  const operators = data.nodes.filter((node) => node.kind !== "input" && node.kind !== "output").length;
  const found = new Set<string>();
  for (const node of data.nodes) {
    const path = blocksOf(node).find((block) => sizes.has(block) && (sizes.get(block) ?? 0) <= operators / 2);
    if (path !== undefined) found.add(path);
  }
  // One that holds nearly everything stays where it has no blocks inside.
  for (const node of data.nodes) {
    const outer = blocksOf(node).find((block) => sizes.has(block));
    if (outer !== undefined && (sizes.get(outer) ?? 0) < operators
      && ![...found].some((path) => path === outer || path.startsWith(`${outer}.`))) found.add(outer);
  }
  return [...found];
}

/** The blocks directly inside a block, by path. */
export function innerBlocks(data: GraphData, block: string): string[] {
  const inner = new Set(data.nodes.flatMap((node) => {
    const blocks = blocksOf(node);
    const at = blocks.indexOf(block);
    return at < 0 ? [] : (blocks[at + 1] ?? []);
  }));
  const sizes = blockSizes(data);
  return [...inner].filter((path) => sizes.has(path));
}

/** The graph with some blocks, named by their paths, drawn as one node each. */
export function visibleGraph(data: GraphData, collapsed: ReadonlySet<string>): VisibleGraph {
  const owner = new Map<string, string>();
  const nodes = new Map<string, VisibleNode>();
  for (const node of data.nodes) {
    const block = blocksOf(node).find((path) => collapsed.has(path));
    const id = block === undefined ? node.id : `block:${block}`;
    owner.set(node.id, id);
    const present = nodes.get(id);
    if (present !== undefined) present.members.push(node);
    else nodes.set(id, { id, node, members: [node], ...(block === undefined ? {} : { block }) });
  }
  for (const drawn of nodes.values()) if (drawn.block !== undefined) drawn.node =
    blockNode(drawn.id, drawn.block, drawn.members, data.measures);
  const edges = new Map<string, VisibleEdge>();
  for (const edge of data.edges) {
    const from = owner.get(edge.from);
    const to = owner.get(edge.to);
    if (from === undefined || to === undefined || from === to) continue;
    // Between blocks one line says that values pass; which ones, their operators tell.
    const key = from.startsWith("block:") || to.startsWith("block:") ? `${from}\n${to}` : `${from}\n${to}\n${edge.label}`;
    if (!edges.has(key)) edges.set(key, { from, to, label: edge.label });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], owner };
}

/** What a block comes to: sums, or the greatest value where a sum means nothing. */
export function combine(members: GraphNode[], measures: Measure[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const member of members) {
    for (const [name, value] of Object.entries(member.measures)) {
      const before = result[name];
      const greatest = measures.find((measure) => measure.id === name)?.combine === "max";
      result[name] = before === undefined ? value : greatest ? Math.max(before, value) : before + value;
    }
  }
  return result;
}

function blockNode(id: string, block: string, members: GraphNode[], measures: Measure[]): GraphNode {
  const last = members[members.length - 1] as GraphNode;
  const onCpu = members.some((member) => member.placement === "cpu");
  const onNpu = members.some((member) => member.placement === "npu");
  const severities = members.map((member) => member.severity);
  const severity = (["error", "warning", "info"] as const).find((level) => severities.includes(level));
  return {
    id,
    kind: "operator",
    label: block,
    name: members.length === 1 ? "1 operator" : `${members.length} operators`,
    detail: last.detail,
    ...(onCpu ? { placement: "cpu" as const } : onNpu ? { placement: "npu" as const } : {}),
    ...(severity === undefined ? {} : { severity }),
    measures: combine(members, measures),
    group: [],
    opens: false,
  };
}
