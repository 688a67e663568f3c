import type { ComparisonData, Fact, HostMessage, ReportData } from "../../src/protocol";
import { fill, h, pageRoot } from "../shared/dom";
import { findingElement } from "../shared/findings";
import { listen, send } from "../shared/host";
import { cycleChart, memoryChart } from "./charts";
import { reportCsv, standaloneHtml } from "./exports";
import { operatorTable } from "./table";

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
  const content = h("div", { class: "content" },
    h("h1", {}, report.title),
    h("p", { class: "target" }, report.target),
    factList(report.summary));
  if (report.findings.length > 0) content.append(section("What to know", h("ul", { class: "findings" }, ...report.findings.map(findingElement))));
  content.append(section("Operators", operatorTable(report.table, (node) => send({ type: "showNode", node }))));
  if (report.cycles.length > 0) content.append(section("Where the cycles go", cycleChart(report.cycles, (node) => send({ type: "showNode", node }))));
  if (report.memory !== undefined) content.append(section("Memory over time", memoryChart(report.memory)));
  if (report.accuracy.length > 0) content.append(section("Accuracy", factList(report.accuracy)));
  const exports = h("p", { class: "exports" },
    h("button", { onclick: () => send({ type: "export", format: "html", content: standaloneHtml(report.title, content) }) }, "Export HTML"),
    h("button", { onclick: () => send({ type: "export", format: "csv", content: reportCsv(report) }) }, "Export CSV"),
    h("button", { onclick: () => send({ type: "export", format: "json", content: JSON.stringify(report, null, 2) }) }, "Export JSON"));
  fill(root, exports, content);
  document.body.dataset["state"] = "ready";
}

function showComparison(comparison: ComparisonData): void {
  fill(root, h("div", { class: "content" },
    h("h1", {}, comparison.title),
    h("div", { class: "scroll" }, h("table", { class: "comparison" },
      h("thead", {}, h("tr", {}, h("th", {}), ...comparison.columns.map((title) => h("th", { scope: "col" }, title)))),
      h("tbody", {}, ...comparison.rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.label), ...row.cells.map((cell) => h("td", {}, cell)))))))));
  document.body.dataset["state"] = "ready";
}

function section(title: string, body: Node): HTMLElement {
  return h("section", {}, h("h2", {}, title), body);
}

function factList(facts: Fact[]): HTMLElement {
  return h("dl", { class: "facts" }, ...facts.map((fact) => h("div", { title: fact.hint }, h("dt", {}, fact.label), h("dd", {}, fact.value))));
}
