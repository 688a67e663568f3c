import type { Column, ReportRow, SourceLink } from "../../shared/protocol";
import { fill, h } from "../shared/dom";
import { number } from "../shared/format";
import { filterRows, sortRows } from "./sort";

interface Links {
  open?: (node: string) => void;
  reveal?: (source: SourceLink) => void;
}

/** A table that sorts by any column. A row leads to its operator in the graph, and to its line of source. */
export function sortableTable(table: { columns: Column[]; rows: ReportRow[] }, kind: "operators" | "tensors-list",
  links: Links = {}): HTMLElement {
  const body = h("tbody");
  const heads = table.columns.map((column, index) =>
    h("th", { scope: "col", class: column.numeric ? "numeric" : "" },
    h("button", { class: "sort", onclick: () => sort(index) }, column.title)));
  const sourceColumn = table.columns.findIndex((column) => column.title === "Source");
  let sorted: { column: number; descending: boolean } | undefined;
  let query = "";

  function sort(column: number): void {
    const numeric = table.columns[column]?.numeric ?? false;
    sorted = { column, descending: sorted?.column === column ? !sorted.descending : numeric };
    heads.forEach((head, i) =>
      (i === column ? head.setAttribute("aria-sort", sorted?.descending ? "descending" : "ascending") : head.removeAttribute("aria-sort")));
    show();
  }

  function show(): void {
    const found = filterRows(table.rows, query);
    const rows = sorted === undefined ? found : sortRows(found, sorted.column, sorted.descending);
    fill(body, ...rows.map(rowElement));
  }

  function rowElement(row: ReportRow): HTMLElement {
    const { node, source } = row;
    const onCpu = row.cells.includes("CPU") ? "on-cpu" : "";
    return h("tr", { class: onCpu }, ...row.cells.map((cell, i) => {
      const text = cell === null ? "" : typeof cell === "number" ? number(cell) : cell;
      const { open, reveal } = links;
      const content = i === 0 && node !== undefined && open
        ? h("a", { href: "#", onclick: (event) => { event.preventDefault(); open(node); } }, text)
        : i === sourceColumn && source !== undefined && reveal ? h("button", { class: "plain", onclick: () => reveal(source) }, text)
        : text;
      return h("td", { class: table.columns[i]?.numeric ? "numeric" : "" }, content);
    }));
  }

  show();
  const grid = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table" },
    h("table", { class: kind }, h("thead", {}, h("tr", {}, ...heads)), body));
  if (table.rows.length <= 12) return grid;
  const filter = h("input",
    { type: "search", class: "filter", placeholder: "Filter rows", "aria-label": "Filter rows",
      oninput: () => { query = filter.value; show(); } });
  return h("div", {}, filter, grid);
}
