import type { GraphNode } from "../../shared/protocol";

/** The nodes that hold every word of a query in operator, name, shape, placement or severity. */
export function findNodes(nodes: GraphNode[], query: string): GraphNode[] {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return nodes;
  return nodes.filter((node) => {
    const text = `${node.label} ${node.name} ${node.detail} ${node.placement ?? ""} ${node.severity ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The one after, or before, the selected one of what was found; around at the ends. */
export function nextFound(found: GraphNode[], selected: string | undefined, step: 1 | -1): GraphNode | undefined {
  if (found.length === 0) return undefined;
  const at = found.findIndex((node) => node.id === selected);
  return found[at < 0 ? (step > 0 ? 0 : found.length - 1) : (at + step + found.length) % found.length];
}
