import type { ComparisonData, Fact, FindingView, HostMessage, ReportData } from "../../shared/protocol";
import { fill, h, pageRoot } from "../shared/dom";
import { findingElement } from "../shared/findings";
import { listen, send } from "../shared/host";
import { barList, memoryElement } from "./charts";
import { comparisonTable } from "./comparison";
import { comparisonCsv, reportCsv, standaloneHtml } from "./exports";
import { sortableTable } from "./table";

const severities = ["error", "warning", "info"];
const mostFindings = 8;
const root = pageRoot();
fill(root, h("p", { class: "hint", role: "status" }, "Compiling…"));
listen(receive);

function receive(message: HostMessage): void {
  if (message.type === "report") showReport(message.data);
  else if (message.type === "comparison") showComparison(message.data);
  else if (message.type === "error") {
    fill(root, h("p", { class: "notice", role: "alert" }, message.message));
    document.body.dataset["state"] = "error";
  }
}

function showReport(report: ReportData): void {
  const open = (node: string): void => send({ type: "showNode", node });
  const content = h("div", { class: "content" },
    h("h1", {}, report.title),
    h("p", { class: "target" }, report.target),
    factList(report.summary));
  if (report.findings.length > 0) content.append(section("What to know", findingList(report.findings, open)));
  if (report.cycles.length > 0) {
    const whole = (report.cyclesByOperator ?? report.cycles).reduce((sum, share) => sum + share.value, 0);
    content.append(section("Where the cycles go", barList(report.cycles, whole, open)));
    if ((report.cyclesByOperator?.length ?? 0) > 1) content
      .append(section("Cycles by kind of operator", barList(report.cyclesByOperator ?? [], whole, open), "h3"));
  }
  if (report.table.rows.length > 0) content
    .append(section("Operators", sortableTable(report.table, "operators", { open, reveal: (source) => send({ type: "reveal", source }) })));
  for (const memory of [report.memory, report.fastMemory])
    if (memory !== undefined) content
      .append(section(`Memory over time${memory.title === undefined ? "" : `: ${memory.title.toLowerCase()}`}`, memoryElement(memory)));
  if (report.accuracy.length > 0) content.append(section("Accuracy: before and after", factList(report.accuracy)));
  else if (report.table.rows.length > 0) {
    content.append(section("Accuracy", h("p", { class: "hint" },
      "Not measured. Name calibration data in ethosu.json and convert the ONNX model: "
        + "float and quantized model are then compared on them, layer by layer.")));
  }
  show(content, [
    ["HTML", "html", () => standaloneHtml(report.title, content)], ["CSV", "csv", () => reportCsv(report)],
      ["JSON", "json", () => JSON.stringify(report, null, 2)]]);
}

function showComparison(comparison: ComparisonData): void {
  const content = h("div", { class: "content" },
    h("h1", {}, comparison.title),
    h("p", { class: "target" },
      "Every target with its usual system, or with the project's where it suits. Less is better, but for utilisation."),
    comparisonTable(comparison, (target) => send({ type: "useTarget", target })));
  show(content, [
    ["HTML", "html", () => standaloneHtml(comparison.title, content)], ["CSV", "csv", () => comparisonCsv(comparison)],
      ["JSON", "json", () => JSON.stringify(comparison, null, 2)]]);
}

function show(content: HTMLElement, exports: [name: string, format: "html" | "csv" | "json", make: () => string][]): void {
  fill(root, h("p", { class: "exports" }, ...exports.map(([name, format, make]) =>
    h("button", { onclick: () => send({ type: "export", format, content: make() }) }, `Export ${name}`))), content);
  document.body.dataset["state"] = "ready";
}

/** The findings, worst first; many of them are folded. */
function findingList(findings: FindingView[], open: (node: string) => void): HTMLElement {
  const sorted = [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  const list = (part: FindingView[]): HTMLElement =>
    h("ul", { class: "findings" }, ...part.map((finding) => findingElement(finding, open)));
  if (sorted.length <= mostFindings) return list(sorted);
  return h("div", {}, list(sorted.slice(0, mostFindings)),
    h("details", {}, h("summary", {}, `${sorted.length - mostFindings} more`), list(sorted.slice(mostFindings))));
}

function section(title: string, body: Node, level: "h2" | "h3" = "h2"): HTMLElement {
  return h("section", { "aria-label": title }, h(level, {}, title), body);
}

function factList(facts: Fact[]): HTMLElement {
  return h("dl", { class: "facts" }, ...facts.map((fact) =>
    h("div", {}, h("dt", {}, fact.label), h("dd", {}, fact.value), fact.hint === undefined ? undefined
    : h("dd", { class: "hint" }, fact.hint))));
}
