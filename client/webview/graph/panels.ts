import type { GraphData, GraphNode, NodeDetails } from "../../src/protocol";
import { fill, h } from "../shared/dom";
import { findingElement } from "../shared/findings";
import { number } from "../shared/format";
import { send } from "../shared/host";

export const mostListed = 3000;

/** The list of operators beside the drawing: what a search finds, and the way of keyboard and screen reader through the graph. */
export class OperatorList {
  readonly element = h("ul", { class: "operators", role: "listbox", "aria-label": "Operators", tabindex: 0 });
  private nodes: GraphNode[] = [];
  private shown: GraphNode[] = [];
  private selected: string | undefined;

  constructor(private readonly onSelect: (id: string) => void, private readonly onOpen: (id: string) => void) {
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  show(data: GraphData, query: string): number {
    this.nodes = data.nodes;
    const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
    this.shown = this.nodes.filter((node) => {
      const text = `${node.label} ${node.name} ${node.detail} ${node.placement ?? ""} ${node.severity ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    fill(this.element, ...this.shown.slice(0, mostListed).map((node) => this.item(node)));
    this.mark();
    return this.shown.length;
  }

  select(id: string | undefined): void {
    this.selected = id;
    this.mark();
  }

  private item(node: GraphNode): HTMLElement {
    const where = node.placement === undefined ? "" : node.placement.toUpperCase();
    const item = h("li", { role: "option", id: `op-${node.id}`, class: node.severity ?? "", onclick: () => this.onSelect(node.id), ondblclick: () => this.onOpen(node.id) },
      h("span", { class: "label" }, node.label), h("span", { class: "name" }, node.name), h("span", { class: `place ${node.placement ?? ""}` }, where));
    item.title = `${node.label} ${node.name}\n${node.detail}`;
    return item;
  }

  private mark(): void {
    this.element.querySelector("[aria-selected=true]")?.removeAttribute("aria-selected");
    const item = this.selected === undefined ? null : document.getElementById(`op-${this.selected}`);
    if (item === null) return this.element.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.element.setAttribute("aria-activedescendant", item.id);
  }

  private key(event: KeyboardEvent): void {
    const at = this.shown.findIndex((node) => node.id === this.selected);
    const to = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), Home: 0, End: this.shown.length - 1, PageDown: at + 20, PageUp: at - 20 }[event.key];
    if (to !== undefined) {
      const node = this.shown[Math.min(this.shown.length - 1, Math.max(0, to))];
      if (node !== undefined) this.onSelect(node.id);
    } else if (event.key === "Enter" && this.selected !== undefined) {
      this.onOpen(this.selected);
    } else {
      return;
    }
    event.preventDefault();
  }
}

/** The panel with everything about the selected operator. */
export function detailsElement(details: NodeDetails): HTMLElement {
  const { source, listingLine } = details;
  return h("div", {},
    h("h2", {}, details.title),
    h("p", { class: "links" },
      source && h("button", { onclick: () => send({ type: "reveal", source }) }, `Go to ${source.label}`),
      listingLine === undefined ? undefined : h("button", { onclick: () => send({ type: "listing", line: listingLine }) }, "Show in listing")),
    details.findings.length > 0 ? h("ul", { class: "findings" }, ...details.findings.map(findingElement)) : undefined,
    ...details.sections.map((section) => h("section", {},
      h("h3", {}, section.title),
      h("table", {}, ...section.rows.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))))),
    details.histogram && histogramElement(details.histogram));
}

function histogramElement(histogram: NonNullable<NodeDetails["histogram"]>): HTMLElement {
  const most = Math.max(1, ...histogram.counts);
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", `0 0 ${histogram.counts.length} 40`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${histogram.title}: from ${number(histogram.min)} to ${number(histogram.max)}`);
  histogram.counts.forEach((count, i) => {
    const bar = document.createElementNS(ns, "rect");
    const height = (40 * count) / most;
    bar.setAttribute("x", String(i + 0.05));
    bar.setAttribute("width", "0.9");
    bar.setAttribute("y", String(40 - height));
    bar.setAttribute("height", String(height));
    svg.append(bar);
  });
  const section = h("section", { class: "histogram" }, h("h3", {}, histogram.title));
  section.append(svg, h("p", { class: "range" }, h("span", {}, number(histogram.min)), h("span", {}, number(histogram.max))));
  return section;
}
