import type { PlacedEdge, PlacedNode } from "./layout";

export type Direction = "ArrowDown" | "ArrowUp" | "ArrowLeft" | "ArrowRight";

export function isDirection(key: string): key is Direction {
  return key === "ArrowDown" || key === "ArrowUp" || key === "ArrowLeft" || key === "ArrowRight";
}

/** The drawn node that an arrow key leads to: along an edge up and down, to the neighbour in the same row left and right. */
export function neighbour(nodes: PlacedNode[], edges: PlacedEdge[], current: string | undefined, direction: Direction): string | undefined {
  const at = nodes.find((node) => node.id === current);
  if (at === undefined) return nodes.length === 0 ? undefined : nodes.reduce((first, node) => (node.y < first.y ? node : first)).id;
  const middle = (node: PlacedNode): number => node.x + node.width / 2;
  if (direction === "ArrowDown" || direction === "ArrowUp") {
    const [from, to] = direction === "ArrowDown" ? (["from", "to"] as const) : (["to", "from"] as const);
    const ends = new Set(edges.filter((edge) => edge[from] === at.id).map((edge) => edge[to]));
    // Of several the nearest one: the way that goes on, not the one that skips ahead.
    return nodes.filter((node) => ends.has(node.id))
      .sort((a, b) => Math.abs(a.y - at.y) - Math.abs(b.y - at.y)
      || Math.abs(middle(a) - middle(at)) - Math.abs(middle(b) - middle(at)))[0]?.id;
  }
  const row = nodes.filter((node) => node.y < at.y + at.height && node.y + node.height > at.y).sort((a, b) => a.x - b.x);
  return row[row.findIndex((node) => node.id === at.id) + (direction === "ArrowRight" ? 1 : -1)]?.id;
}
