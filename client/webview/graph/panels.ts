import type { GraphData, GraphNode, NodeDetails } from "../../shared/protocol";
import { fill, h } from "../shared/dom";
import { findingElement } from "../shared/findings";
import { number } from "../shared/format";
import { send } from "../shared/host";
import { measureRows } from "./colour";
import { findNodes } from "./search";
import { combine, type VisibleNode } from "./visible";

export const mostListed = 3000;

/** The list of operators beside the drawing: what a search finds, and the way of keyboard and screen reader through the graph. */
export class OperatorList {
  readonly element = h("ul", { class: "operators", role: "listbox", "aria-label": "Operators", tabindex: 0 });
  private shown: GraphNode[] = [];
  private selected: string | undefined;

  constructor(private readonly onSelect: (id: string) => void, private readonly onOpen: (id: string) => void) {
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  /** What the search found. */
  get found(): GraphNode[] {
    return this.shown;
  }

  show(data: GraphData, query: string): number {
    this.shown = findNodes(data.nodes, query);
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
    const item = h("li",
      { role: "option", id: `op-${node.id}`, class: node.severity ?? "", onclick: () => this.onSelect(node.id),
        ondblclick: () => this.onOpen(node.id) },
      h("span", { class: "label" }, node.label), h("span", { class: "name" }, node.name),
        h("span", { class: `place ${node.placement ?? ""}` }, where));
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
    const to = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), Home: 0, End: this.shown.length - 1, PageDown: at + 20,
      PageUp: at - 20 }[event.key];
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

/** The panel about a collapsed block: what it comes to, and its operators. */
export function blockElement(drawn: VisibleNode, data: GraphData, expand: () => void, select: (id: string) => void): HTMLElement {
  const whole = combine(data.nodes, data.measures);
  const cpu = drawn.members.filter((member) => member.placement === "cpu").length;
  return h("div", {},
    h("h2", {}, `Block ${drawn.block ?? ""}`),
    h("p", { class: "links" }, h("button", { onclick: expand }, "Expand")),
    table([["Operators", number(drawn.members.length)], ...(cpu > 0 ? [["On the CPU", number(cpu)] as [string, string]] : []),
      ...measureRows(drawn.node, whole, data.measures)]),
    h("h3", {}, "Operators"),
    h("ul", { class: "members" },
      ...drawn.members
        .map((member) =>
        h("li", {}, h("button", { class: "plain", onclick: () => select(member.id) }, `${member.label} ${member.name}`)))));
}

function table(rows: [string, string][]): HTMLElement {
  // Names without values are a list, not half of a table.
  return h("table", {},
    ...rows.map(([name, value]) =>
      (value === "" ? h("tr", {}, h("td", { colspan: 2 }, name)) : h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))));
}

/** The panel with everything about the selected operator. */
export function detailsElement(details: NodeDetails, blocks: { path: string; collapse: () => void }[] = []): HTMLElement {
  const { source, listingLine } = details;
  return h("div", {},
    h("h2", {}, details.title),
    h("p", { class: "links" },
      source && h("button", { onclick: () => send({ type: "reveal", source }) }, `Go to ${source.label}`),
      listingLine === undefined ? undefined
        : h("button", { onclick: () => send({ type: "listing", line: listingLine }) }, "Show in listing"),
      ...blocks.map(({ path, collapse }) => h("button", { onclick: collapse }, `Collapse ${path}`))),
    details.findings.length > 0 ? h("ul", { class: "findings" }, ...details.findings.map((finding) => findingElement(finding))) : undefined,
    ...details.sections.map((section) => h("section", {},
      h("h3", {}, section.title),
      table(section.rows))),
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
    const from = histogram.min + ((histogram.max - histogram.min) * i) / histogram.counts.length;
    const to = histogram.min + ((histogram.max - histogram.min) * (i + 1)) / histogram.counts.length;
    const title = document.createElementNS(ns, "title");
    title.textContent = `${number(count)} values from ${number(from)} to ${number(to)}`;
    bar.append(title);
    svg.append(bar);
  });
  const section = h("section", { class: "histogram" }, h("h3", {}, `Values of ${histogram.title}`));
  section.append(svg, h("p", { class: "range" }, h("span", {}, number(histogram.min)), h("span", {}, number(histogram.max))));
  return section;
}
