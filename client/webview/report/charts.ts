import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { create, type Selection } from "d3-selection";
import type { MemoryMap, ReportData } from "../../src/protocol";
import { number } from "../shared/format";

const margin = { left: 70, right: 16, top: 8, bottom: 36 };

/** The arena over time: a rectangle for each tensor, from its first step to its last, at its place in memory. */
export function memoryChart(memory: MemoryMap): SVGSVGElement {
  const width = 900;
  const height = 320;
  const x = scaleLinear([0, Math.max(1, memory.steps)], [margin.left, width - margin.right]);
  const y = scaleLinear([0, Math.max(1, memory.size)], [height - margin.bottom, margin.top]);
  const svg = chart(width, height, `Memory over time: ${memory.tensors.length} tensors in ${number(memory.size)} bytes`);
  svg.append("g").attr("class", "tensors").selectAll("rect").data(memory.tensors).join("rect")
    .attr("x", (t) => x(t.first))
    .attr("width", (t) => Math.max(1, x(t.last + 1) - x(t.first) - 0.5))
    .attr("y", (t) => y(t.offset + t.size))
    .attr("height", (t) => Math.max(0.5, y(t.offset) - y(t.offset + t.size)))
    .attr("class", (_, i) => `tensor tone${i % 5}`)
    .append("title").text((t) => `${t.name}\n${number(t.size)} bytes at ${number(t.offset)}, steps ${t.first} to ${t.last}`);
  svg.append("g").attr("transform", `translate(0,${height - margin.bottom})`).call(axisBottom(x).ticks(10).tickFormat((v) => String(v)));
  svg.append("g").attr("transform", `translate(${margin.left},0)`).call(axisLeft(scaleLinear([0, Math.max(1, memory.size) / 1024], y.range())).ticks(6).tickFormat((v) => `${number(Number(v))} KiB`));
  svg.append("text").attr("x", width / 2).attr("y", height - 4).attr("text-anchor", "middle").attr("class", "axis").text("step (operators in the order in which they run)");
  return node(svg);
}

/** The costliest operators as bars. */
export function cycleChart(cycles: ReportData["cycles"], open: (node: string) => void): SVGSVGElement {
  const row = 20;
  const left = 260;
  const width = 900;
  const shown = cycles.slice(0, 20);
  const height = shown.length * row + margin.top;
  const x = scaleLinear([0, Math.max(1, ...shown.map((c) => c.value))], [left, width - 90]);
  const svg = chart(width, height, "Cycles of the costliest operators");
  const rows = svg.append("g").selectAll("g").data(shown).join("g").attr("transform", (_, i) => `translate(0,${i * row})`);
  rows.append("rect").attr("class", "bar").attr("x", left).attr("height", row - 5).attr("width", (c) => Math.max(1, x(c.value) - left));
  rows.append("text").attr("x", left - 6).attr("y", row - 9).attr("text-anchor", "end").text((c) => (c.label.length > 38 ? `…${c.label.slice(-37)}` : c.label));
  rows.append("text").attr("x", (c) => x(c.value) + 5).attr("y", row - 9).text((c) => number(c.value));
  rows.append("title").text((c) => `${c.label}: ${number(c.value)} cycles`);
  rows.filter((c) => c.node !== undefined).attr("class", "link").on("click", (_, c) => c.node !== undefined && open(c.node));
  return node(svg);
}

type Svg = Selection<SVGSVGElement, undefined, null, undefined>;

function chart(width: number, height: number, label: string): Svg {
  return create("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("role", "img").attr("aria-label", label).attr("class", "chart");
}

function node(svg: Svg): SVGSVGElement {
  const element = svg.node();
  if (element === null) throw new Error("the chart could not be made");
  return element;
}
