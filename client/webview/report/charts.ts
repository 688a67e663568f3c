import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { create, type Selection } from "d3-selection";
import type { MemoryMap } from "../../shared/protocol";
import { h } from "../shared/dom";
import { byteTicks, bytes, number, percent } from "../shared/format";
import { peak, usedBytes } from "./arena";
import { sortableTable } from "./table";

const margin = { left: 76, right: 16, top: 10, bottom: 40 };

/** The memory over time: a rectangle for each tensor, from its first step to its last, at its place; drawn as wide as the page. */
export function memoryElement(memory: MemoryMap): HTMLElement {
  const most = peak(usedBytes(memory));
  const readout = h("p", { class: "hint readout" },
    `Point at a tensor to see what it is. Most is in use at step ${most.step}: ${bytes(most.bytes)} of ${bytes(memory.size)}.`);
  const drawing = h("div", { class: "drawing" });
  const draw = (): void => drawing
    .replaceChildren(
    memoryChart(memory, Math.max(320, Math.min(1100, drawing.clientWidth || 900)), (text) => (readout.textContent = text)));
  draw();
  let width = 0;
  new ResizeObserver(() => {
    if (drawing.clientWidth === width) return;
    width = drawing.clientWidth;
    draw();
  }).observe(drawing);
  const table = sortableTable({
    columns: [{ title: "Tensor", numeric: false }, { title: "Bytes", numeric: true }, { title: "Offset", numeric: true },
      { title: "First step", numeric: true }, { title: "Last step", numeric: true }],
    rows: memory.tensors.map((tensor) => ({ cells: [tensor.name, tensor.size, tensor.offset, tensor.first, tensor.last] })),
  }, "tensors-list");
  return h("div", {}, drawing, readout,
    h("details", {}, h("summary", {}, `The ${number(memory.tensors.length)} tensors as a table`), table));
}

function memoryChart(memory: MemoryMap, width: number, tell: (text: string) => void): SVGSVGElement {
  const height = 340;
  const used = usedBytes(memory);
  const most = peak(used);
  const x = scaleLinear([0, Math.max(1, memory.steps)], [margin.left, width - margin.right]);
  const y = scaleLinear([0, Math.max(1, memory.size)], [height - margin.bottom, margin.top]);
  const svg = create("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height).attr("role", "img")
    .attr("class", "chart")
    .attr("aria-label",
    `Memory over time: ${memory.tensors.length} tensors in ${bytes(memory.size)}; most is in use at step ${most.step}, `
      + `${bytes(most.bytes)}. The table below has the numbers.`);
  const boxes = svg.append("g").attr("class", "tensors").selectAll("g").data(memory.tensors).join("g");
  boxes.append("rect")
    .attr("x", (t) => x(t.first))
    .attr("width", (t) => Math.max(1, x(t.last + 1) - x(t.first)))
    .attr("y", (t) => y(t.offset + t.size))
    .attr("height", (t) => Math.max(1, y(t.offset) - y(t.offset + t.size)))
    .attr("class", (_, i) => `tensor tone${i % 5}`)
    .on("pointerenter", (_, t) => tell(describe(t)))
    .append("title").text(describe);
  boxes.filter((t) => x(t.last + 1) - x(t.first) > 60 && y(t.offset) - y(t.offset + t.size) > 16).append("text").attr("class", "name")
    .attr("x", (t) => x(t.first) + 5).attr("y", (t) => (y(t.offset) + y(t.offset + t.size)) / 2 + 4)
    .text((t) => shorten(t.name, Math.floor((x(t.last + 1) - x(t.first) - 10) / 6.5)));
  const line = used.map((value, step) => `${step === 0 ? "M" : "L"}${x(step)},${y(value)}H${x(step + 1)}`).join("");
  svg.append("path").attr("class", "used").attr("d", line).append("title").text("bytes in use");
  svg.append("g").attr("transform", `translate(0,${height - margin.bottom})`)
    .call(axisBottom(x).ticks(Math.min(memory.steps, Math.max(4, Math.floor(width / 90))))
    .tickFormat((v) => (Number.isInteger(Number(v)) ? number(Number(v)) : "")));
  svg.append("g").attr("transform", `translate(${margin.left},0)`)
    .call(axisLeft(y).tickValues(byteTicks(memory.size, 7)).tickFormat((v) => bytes(Number(v))));
  svg.append("text").attr("x", (margin.left + width) / 2).attr("y", height - 5).attr("text-anchor", "middle").attr("class", "axis")
    .text(width < 600 ? "step" : "step: operators of the CPU and operations of the NPU, in their order");
  return element(svg);
}

function describe(tensor: MemoryMap["tensors"][number]): string {
  return `${tensor.name}: ${bytes(tensor.size)} at ${number(tensor.offset)}, steps ${tensor.first} to ${tensor.last}`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : length < 4 ? "" : `…${text.slice(1 - length)}`;
}

/** Amounts as bars, greatest first, each with its share of the whole. */
export function barList(entries: { label: string; value: number; node?: string }[], whole: number,
  open: (node: string) => void): HTMLElement {
  const most = entries.reduce((a, entry) => Math.max(a, entry.value), 1);
  const x = scaleLinear([0, most], [0, 100]);
  return h("ol", { class: "bars" }, ...entries.map(({ label, value, node }) => {
    const bar = h("span", { class: "bar" });
    bar.style.width = `${Math.max(0.3, x(value))}%`;
    return h("li", {},
      node === undefined ? h("span", { class: "label", title: label }, label)
        : h("button", { class: "plain label", title: label, onclick: () => open(node) }, label),
      h("span", { class: "track" }, bar), h("span", { class: "value" }, number(value)),
        h("span", { class: "share" }, percent(value, whole)));
  }));
}

function element(svg: Selection<SVGSVGElement, undefined, null, undefined>): SVGSVGElement {
  const node = svg.node();
  if (node === null) throw new Error("the chart could not be made");
  return node;
}
