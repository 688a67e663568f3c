import type { GraphData, GraphNode, HostMessage } from "../../shared/protocol";
import { fill, h, pageRoot } from "../shared/dom";
import { number } from "../shared/format";
import { listen, send } from "../shared/host";
import { GraphCanvas } from "./canvas";
import { colouring } from "./colour";
import { Layouter, type Layout } from "./layout";
import { isDirection, neighbour } from "./navigation";
import { blockElement, detailsElement, mostListed, OperatorList } from "./panels";
import { busy, canvasElement, details, found, hint, legend, measure, notice, search, spoken, summary } from "./page";
import { nextFound } from "./search";
import { onThemeChange } from "./theme";
import { blocksOf, blockSizes, innerBlocks, overviewBlocks, visibleGraph, type VisibleGraph } from "./visible";

const collapsed = new Set<string>();
/** Operators that were opened, outermost first; the last one's inside is shown. */
const path: { id: string; title: string }[] = [];
let data: GraphData | undefined;
let visible: VisibleGraph | undefined;
let layout: Layout | undefined;
/** The operator that is selected. */
let selected: string | undefined;
/** What is selected as drawn: the operator, the block that it is in, or a block alone. */
let selectedDrawn: string | undefined;
let wanted: string | undefined;
let layoutNumber = 0;
/** What was arranged last: the same again, after a change of the model or target, stays where it is looked at. */
let shownView: string | undefined;
/** A larger graph is shown by its blocks at first. */
const mostAtOnce = 60;
let isFirst = true;

const blocks = h("button", { onclick: toggleBlocks }, "Collapse blocks");
const listToggle =
  h("button", { class: "toggle", "aria-controls": "operators", onclick: () => showPanel(document.body.classList.contains("no-list")) },
  "Operators");
const back = h("button", { onclick: goBack, hidden: true }, "← Back");
const list = new OperatorList((id) => selectNode(id, true), openNode);
const canvas = new GraphCanvas(canvasElement, (id) => selectDrawn(id), openNode);

fill(pageRoot(),
  h("header", {}, back, listToggle, summary, h("label", {}, "Colour ", measure), blocks,
    h("button", { onclick: () => canvas.zoomBy(1.3), "aria-label": "Zoom in" }, "+"),
    h("button", { onclick: () => canvas.zoomBy(1 / 1.3), "aria-label": "Zoom out" }, "−"),
    h("button", { onclick: () => canvas.fit() }, "Fit")),
  h("main", {}, h("nav", { id: "operators", "aria-label": "Operators" }, search, found, list.element),
    h("div", { class: "drawing" }, canvasElement, legend, busy, notice), details), spoken);
const layouter = new Layouter((text, font) => canvas.measureText(text, font));
showPanel(window.innerWidth > 700);

search.addEventListener("input", showList);
search.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && search.value !== "") {
    search.value = "";
    showList();
  } else if (event.key === "Enter" && search.value !== "") {
    const node = nextFound(list.found, selected, event.shiftKey ? -1 : 1);
    if (node !== undefined) selectNode(node.id, true);
  } else if (event.key === "ArrowDown") {
    list.element.focus();
  } else return;
  event.preventDefault();
});
measure.addEventListener("change", colour);
canvasElement.addEventListener("keydown", onKey);
window.addEventListener("keydown", (event) => {
  // Nothing has the focus yet: keys are meant for the graph.
  if (event.target === document.body) onKey(event);
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
      if (message.data.id === selected) fill(details, detailsElement(message.data, blocksAround(message.data.id)));
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
  blocks.hidden = overviewBlocks(next).length === 0;
  const chosen = measure.value;
  const placed = next.nodes.some((node) => node.placement !== undefined);
  fill(measure, ...(placed ? [h("option", { value: "placement" }, "Placement")] : []), h("option", { value: "" }, "Nothing"),
    ...next.measures.map((m) => h("option", { value: m.id }, m.unit === "" ? m.title : `${m.title} (${m.unit})`)));
  if (isFirst && next.nodes.length > mostAtOnce) for (const block of overviewBlocks(next)) collapsed.add(block);
  isFirst = false;
  if ([...measure.options].some((option) => option.value === chosen) && chosen !== "") measure.value = chosen;
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
  colour();
  showFound();
  canvas.show(next, view !== shownView);
  shownView = view;
  selectWanted();
  if (document.activeElement === null || document.activeElement === document.body) canvasElement.focus();
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
  selectedDrawn = visible?.owner.get(id) ?? id;
  list.select(id);
  canvas.select(selectedDrawn, center);
  const node = data?.nodes.find((n) => n.id === id);
  if (node !== undefined) say(node);
  send({ type: "details", id, ...inside() });
}

function selectDrawn(id: string | undefined, center = false): void {
  const drawn = layout?.nodes.find((node) => node.id === id);
  if (id !== undefined && drawn?.block === undefined) return selectNode(id, center);
  selected = undefined;
  selectedDrawn = id;
  list.select(undefined);
  canvas.select(id, center);
  if (drawn === undefined || data === undefined) return fill(details, hint);
  say(drawn.node);
  fill(details, blockElement(drawn, data, () => openNode(drawn.id), (member) => selectNode(member, false)));
}

function say(node: GraphNode): void {
  spoken.textContent = [node.label, node.name, node.detail, node.placement?.toUpperCase(), node.severity].filter((part) => part).join(", ");
}

/** The blocks around an operator that can be collapsed, innermost first. */
function blocksAround(id: string): { path: string; collapse: () => void }[] {
  const node = data?.nodes.find((n) => n.id === id);
  if (data === undefined || node === undefined) return [];
  const sizes = blockSizes(data);
  return blocksOf(node).filter((path) => sizes.has(path) && !collapsed.has(path)).reverse().map((path) => ({
    path,
    collapse: () => {
      collapsed.add(path);
      selected = undefined;
      selectedDrawn = `block:${path}`;
      void arrange().then(() => selectDrawn(`block:${path}`, true));
    },
  }));
}

function openNode(id: string): void {
  const drawn = layout?.nodes.find((node) => node.id === id);
  if (drawn?.block !== undefined) {
    const first = drawn.members[0];
    collapsed.delete(drawn.block);
    if (data !== undefined) for (const block of innerBlocks(data, drawn.block)) collapsed.add(block);
    void arrange().then(() => first && selectDrawn(visible?.owner.get(first.id) ?? first.id, true));
    return;
  }
  const node: GraphNode | undefined = data?.nodes.find((n) => n.id === id);
  if (node === undefined || !node.opens || path.length > 0) return;
  path.push({ id, title: node.name });
  selected = selectedDrawn = undefined;
  collapsed.clear();
  send({ type: "open", ...inside() });
}

function goBack(): void {
  const left = path.pop();
  selected = selectedDrawn = undefined;
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
  else for (const block of overviewBlocks(data)) collapsed.add(block);
  void arrange();
}

function showList(): void {
  if (data === undefined) return;
  const count = list.show(data, search.value);
  const operators = data.nodes.filter((node) => node.kind === "operator" || node.kind === "npu").length;
  const all = search.value === "" ? `${number(operators)} ${operators === 1 ? "operator" : "operators"}` : count === 0
    ? "No operator is called that" : `${number(count)} found`;
  found.textContent = count > mostListed ? `${all}, the first ${number(mostListed)} listed` : all;
  list.select(selected);
  showFound();
}

/** Dims what the search did not find. */
function showFound(): void {
  const owner = visible?.owner;
  canvas.highlight(search.value.trim() === "" || owner === undefined ? undefined
    : new Set(list.found.map((node) => owner.get(node.id) ?? node.id)));
}

function showPanel(shown: boolean): void {
  document.body.classList.toggle("no-list", !shown);
  listToggle.setAttribute("aria-pressed", String(shown));
}

/** Colours the nodes as chosen, and says what the colours mean. */
function colour(): void {
  const { tint, legend: meaning } = colouring(measure.value, visible?.nodes ?? [], data?.measures ?? []);
  canvas.colourBy(tint);
  legend.hidden = meaning === undefined;
  if (meaning === undefined) return;
  if (meaning.from === undefined || meaning.to === undefined) {
    fill(legend, h("span", { class: "key npu" }, "NPU"), h("span", { class: "key cpu" }, "CPU"));
  } else {
    fill(legend, h("span", {}, meaning.title), h("span", {}, meaning.from), h("span", { class: "scale" }), h("span", {}, meaning.to));
  }
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const innermost = selected === undefined ? undefined : blocksAround(selected)[0];
  if (isDirection(event.key)) {
    const id = neighbour(layout?.nodes ?? [], layout?.edges ?? [], selectedDrawn, event.key);
    if (id !== undefined) selectDrawn(id, true);
  } else if (event.key === "+" || event.key === "=") canvas.zoomBy(1.3);
  else if (event.key === "-") canvas.zoomBy(1 / 1.3);
  else if (event.key === "0") canvas.fit();
  else if (event.key === "/") search.focus();
  else if (event.key === "Enter" && selectedDrawn !== undefined) openNode(selectedDrawn);
  else if (event.key.toLowerCase() === "c" && innermost !== undefined) innermost.collapse();
  else if (event.key === "Escape") selectDrawn(undefined);
  else return;
  event.preventDefault();
}
