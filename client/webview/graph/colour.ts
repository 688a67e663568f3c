import type { GraphNode, Measure } from "../../shared/protocol";
import { number } from "../shared/format";
import type { VisibleNode } from "./visible";

/** A colour of the theme and how strongly it is laid on, from 0 to 1. */
export interface Tint {
  colour: "npu" | "cpu" | "heat";
  strength: number;
}

export interface Legend {
  /** What the colour means. */
  title: string;
  /** The ends of a scale; absent for placement. */
  from?: string;
  to?: string;
}

/** How nodes are coloured: each node's tint, and what it means. */
export interface Colouring {
  tint: (drawn: VisibleNode) => Tint | undefined;
  legend: Legend | undefined;
}

const nothing: Colouring = { tint: () => undefined, legend: undefined };

/** The colouring by placement, by one of the measures, or by nothing. */
export function colouring(name: string, nodes: VisibleNode[], measures: Measure[]): Colouring {
  if (name === "placement") {
    return {
      tint: ({ node }) =>
        (node.placement === undefined ? undefined : { colour: node.placement, strength: node.placement === "cpu" ? 0.6 : 0.2 }),
      legend: nodes.some(({ node }) => node.placement !== undefined) ? { title: "Runs on" } : undefined,
    };
  }
  const measure = measures.find((m) => m.id === name);
  const values = nodes.map(({ node }) => node.measures[name]).filter((value) => value !== undefined);
  if (measure === undefined || values.length === 0) return nothing;
  const most = values.reduce((a, b) => Math.max(a, b));
  // A quantity begins at nothing; a level such as decibels begins where the least of it is.
  const least = values.reduce((a, b) => Math.min(a, b), measure.combine === "max" ? most : 0);
  return {
    tint: ({ node }) => {
      const value = node.measures[name];
      return value === undefined || most === least ? undefined : { colour: "heat", strength: (value - least) / (most - least) };
    },
    legend: { title: measure.title, from: amount(least, measure), to: amount(most, measure) },
  };
}

/** A value of a measure with its unit. */
export function amount(value: number, measure: Measure): string {
  return measure.unit === "" ? number(value) : `${number(value)} ${measure.unit}`;
}

/** The measures of a node as rows of a table, with its share of the whole where that means something. */
export function measureRows(node: GraphNode, whole: Record<string, number>, measures: Measure[]): [string, string][] {
  return measures.flatMap((measure): [string, string][] => {
    const value = node.measures[measure.id];
    if (value === undefined) return [];
    const all = whole[measure.id] ?? 0;
    const share = measure.combine === "max" || all <= 0 ? "" : ` (${number((100 * value) / all)} %)`;
    return [[measure.title, amount(value, measure) + share]];
  });
}
