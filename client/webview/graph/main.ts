import type { GraphData, GraphNode, HostMessage } from "../../src/protocol";
import { fill, h, pageRoot } from "../shared/dom";
import { number } from "../shared/format";
import { listen, send } from "../shared/host";
import { GraphCanvas, type Tint } from "./canvas";
import { Layouter, type Layout } from "./layout";
import { detailsElement, mostListed, OperatorList } from "./panels";
import { onThemeChange } from "./theme";
import { innerBlocks, outerBlocks, visibleGraph, type VisibleGraph } from "./visible";

const layouter = new Layouter();
const collapsed = new Set<string>();
/** Operators that were opened, outermost first; the last one's inside is shown. */
const path: { id: string; title: string }[] = [];
let data: GraphData | undefined;
let visible: VisibleGraph | undefined;
let layout: Layout | undefined;
let selected: string | undefined;
let wanted: string | undefined;
let layoutNumber = 0;
/** What was arranged last: the same again, after a change of the model or target, stays where it is looked at. */
let shownView: string | undefined;

const canvasElement = h("canvas", {
  tabindex: 0, role: "application", "aria-roledescription": "graph",
  "aria-label": "Model graph. Arrow keys follow the edges, plus and minus zoom, 0 shows all, Enter opens. The list beside it has all operators.",
});
const summary = h("span", { class: "summary", role: "status" });
const search = h("input", { type: "search", placeholder: "Search operators", "aria-label": "Search operators" });
const found = h("span", { class: "found", "aria-live": "polite" });
const measure = h("select", { "aria-label": "Colour by" });
const blocks = h("button", { onclick: toggleBlocks }, "Collapse blocks");
const back = h("button", { onclick: goBack, hidden: true }, "← Back");
const hint = h("p", { class: "hint" }, "Select an operator to see its details. Arrow keys follow the edges, / searches.");
const details = h("aside", { class: "details", "aria-label": "Selected operator" }, hint);
const spoken = h("p", { class: "spoken", role: "status" });
const busy = h("p", { class: "busy hint", role: "status" }, "Reading the model…");
const notice = h("p", { class: "notice", role: "alert", hidden: true });
const list = new OperatorList((id) => selectNode(id, true), openNode);
const canvas = new GraphCanvas(canvasElement, (id) => selectDrawn(id), openNode);

fill(pageRoot(),
  h("header", {}, back, summary, h("label", {}, "Colour ", measure), blocks,
    h("button", { onclick: () => canvas.zoomBy(1.3), "aria-label": "Zoom in" }, "+"),
    h("button", { onclick: () => canvas.zoomBy(1 / 1.3), "aria-label": "Zoom out" }, "−"),
    h("button", { onclick: () => canvas.fit() }, "Fit")),
  h("main", {}, h("nav", {}, search, found, list.element), h("div", { class: "drawing" }, canvasElement, busy, notice), details), spoken);

search.addEventListener("input", showList);
measure.addEventListener("change", () => canvas.colourBy(tintOf(measure.value)));
canvasElement.addEventListener("keydown", onKey);
window.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "f") {
    event.preventDefault();
    search.focus();
  }
});
onThemeChange(() => canvas.retheme());
listen(receive);

function receive(message: HostMessage): void {
  switch (message.type) {
    case "graph":
      // The answer to what is no longer shown comes too late.
      if (message.inside !== inside().inside) return;
      return showGraph(message.data);
    case "changed":
      return send({ type: "open", ...inside() });
    case "details":
      if (message.data.id === selected) fill(details, detailsElement(message.data));
      return;
    case "select":
      wanted = message.id;
      if (layout !== undefined) selectWanted();
      return;
    case "error":
      if (message.inside !== undefined && message.inside === inside().inside) path.pop();
      back.hidden = path.length === 0;
      return showError(message.message);
  }
}

function showError(message: string): void {
  notice.textContent = message;
  notice.hidden = false;
  busy.hidden = true;
  document.body.dataset["state"] = "error";
}

function showGraph(next: GraphData): void {
  data = next;
  notice.hidden = true;
  summary.textContent = next.summary;
  back.hidden = path.length === 0;
  blocks.hidden = outerBlocks(next).length === 0;
  const chosen = measure.value;
  const placed = next.nodes.some((node) => node.placement !== undefined);
  fill(measure, ...(placed ? [h("option", { value: "placement" }, "Placement")] : []), h("option", { value: "" }, "Nothing"),
    ...next.measures.map((m) => h("option", { value: m.id }, m.unit === "" ? m.title : `${m.title} (${m.unit})`)));
  if ([...measure.options].some((option) => option.value === chosen) && chosen !== "") measure.value = chosen;
  canvas.colourBy(tintOf(measure.value));
  showList();
  void arrange();
}

async function arrange(): Promise<void> {
  if (data === undefined) return;
  const number = ++layoutNumber;
  visible = visibleGraph(data, collapsed);
  blocks.textContent = collapsed.size > 0 ? "Expand blocks" : "Collapse blocks";
  document.body.dataset["state"] = "layout";
  busy.textContent = "Arranging the graph…";
  busy.hidden = false;
  let next: Layout;
  try {
    next = await layouter.layout(visible);
  } catch (error) {
    return showError(`The graph could not be arranged: ${error instanceof Error ? error.message : String(error)}`);
  }
  // Only the newest request counts: the user may have collapsed something meanwhile.
  if (number !== layoutNumber) return;
  layout = next;
  busy.hidden = true;
  const view = viewName();
  canvas.show(next, view !== shownView);
  shownView = view;
  selectWanted();
  document.body.dataset["state"] = "ready";
  document.body.dataset["nodes"] = String(next.nodes.length);
}

function viewName(): string {
  return JSON.stringify([inside().inside, [...collapsed], data?.nodes.length]);
}

function selectWanted(): void {
  const id = wanted ?? selected;
  const center = wanted !== undefined;
  wanted = undefined;
  if (id !== undefined && data?.nodes.some((node) => node.id === id)) selectNode(id, center);
  else if (center && path.length > 0) {
    // The operator is of the whole model, while an operator's inside is shown.
    wanted = id;
    path.length = 0;
    send({ type: "open" });
  }
}

function selectNode(id: string, center: boolean): void {
  selected = id;
  list.select(id);
  canvas.select(visible?.owner.get(id) ?? id, center);
  const node = data?.nodes.find((n) => n.id === id);
  if (node !== undefined) spoken.textContent = [node.label, node.name, node.detail, node.placement?.toUpperCase(), node.severity].filter((part) => part).join(", ");
  send({ type: "details", id, ...inside() });
}

function selectDrawn(id: string | undefined): void {
  if (id === undefined) {
    selected = undefined;
    list.select(undefined);
    canvas.select(undefined, false);
    fill(details, hint);
    return;
  }
  const drawn = layout?.nodes.find((node) => node.id === id);
  if (drawn?.block === undefined) return selectNode(id, false);
  selected = undefined;
  canvas.select(id, false);
  fill(details, h("h2", {}, drawn.block), h("p", {}, `${drawn.members.length} operators. Double-click to expand.`));
}

function openNode(id: string): void {
  const drawn = layout?.nodes.find((node) => node.id === id);
  if (drawn?.block !== undefined) {
    collapsed.delete(drawn.block);
    if (data !== undefined) for (const block of innerBlocks(data, drawn.block)) collapsed.add(block);
    void arrange();
    return;
  }
  const node: GraphNode | undefined = data?.nodes.find((n) => n.id === id);
  if (node === undefined || !node.opens || path.length > 0) return;
  path.push({ id, title: node.name });
  selected = undefined;
  collapsed.clear();
  send({ type: "open", ...inside() });
}

function goBack(): void {
  const left = path.pop();
  selected = undefined;
  wanted = left?.id;
  collapsed.clear();
  send({ type: "open", ...inside() });
}

function inside(): { inside?: string } {
  const last = path[path.length - 1];
  return last === undefined ? {} : { inside: last.id };
}

function toggleBlocks(): void {
  if (data === undefined) return;
  if (collapsed.size > 0) collapsed.clear();
  else for (const block of outerBlocks(data)) collapsed.add(block);
  void arrange();
}

function showList(): void {
  if (data === undefined) return;
  const count = list.show(data, search.value);
  const operators = data.nodes.filter((node) => node.kind === "operator" || node.kind === "npu").length;
  const all = search.value === "" ? `${number(operators)} ${operators === 1 ? "operator" : "operators"}` : count === 0 ? "No operator is called that" : `${number(count)} found`;
  found.textContent = count > mostListed ? `${all}, the first ${number(mostListed)} listed` : all;
  list.select(selected);
}

function tintOf(name: string): Tint {
  if (name === "placement") {
    return ({ node }, theme) => node.placement === undefined ? undefined : { colour: theme[node.placement], strength: node.placement === "cpu" ? 0.6 : 0.15 };
  }
  const values = (data?.nodes ?? []).map((node) => node.measures[name] ?? 0);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return ({ node }, theme) => {
    const value = node.measures[name];
    return value === undefined || most === 0 ? undefined : { colour: theme.error, strength: Math.min(1, value / most) };
  };
}

function onKey(event: KeyboardEvent): void {
  const current = selected === undefined ? undefined : visible?.owner.get(selected);
  const follow = (from: "from" | "to", to: "from" | "to"): string | undefined => visible?.edges.find((edge) => edge[from] === current)?.[to];
  const target = {
    ArrowDown: () => current === undefined ? visible?.nodes[0]?.id : follow("from", "to"),
    ArrowUp: () => follow("to", "from"),
    ArrowLeft: () => sibling(current, -1),
    ArrowRight: () => sibling(current, 1),
  }[event.key];
  if (target !== undefined) {
    const id = target();
    const first = visible?.nodes.find((node) => node.id === id)?.members[0];
    if (first !== undefined) selectNode(first.id, true);
  } else if (event.key === "+" || event.key === "=") canvas.zoomBy(1.3);
  else if (event.key === "-") canvas.zoomBy(1 / 1.3);
  else if (event.key === "0") canvas.fit();
  else if (event.key === "/") search.focus();
  else if (event.key === "Enter" && current !== undefined) openNode(current);
  else if (event.key === "Escape") selectDrawn(undefined);
  else return;
  event.preventDefault();
}

/** The neighbour in the same row. */
function sibling(current: string | undefined, step: number): string | undefined {
  const at = layout?.nodes.find((node) => node.id === current);
  if (at === undefined || layout === undefined) return undefined;
  const row = layout.nodes.filter((node) => Math.abs(node.y - at.y) < at.height).sort((a, b) => a.x - b.x);
  return row[row.findIndex((node) => node.id === current) + step]?.id;
}
