import type { Column, ReportRow } from "../../src/protocol";
import { fill, h } from "../shared/dom";
import { number } from "../shared/format";

/** The operators as a table that sorts by any column; a row leads to its operator in the graph. */
export function operatorTable(table: { columns: Column[]; rows: ReportRow[] }, open: (node: string) => void): HTMLElement {
  const body = h("tbody");
  const heads = table.columns.map((column, index) => {
    const button = h("button", { class: "sort", onclick: () => sort(index) }, column.title);
    return h("th", { scope: "col", class: column.numeric ? "numeric" : "" }, button);
  });
  let sorted: { column: number; descending: boolean } | undefined;

  function sort(column: number): void {
    const numeric = table.columns[column]?.numeric ?? false;
    const descending = sorted?.column === column ? !sorted.descending : numeric;
    sorted = { column, descending };
    heads.forEach((head, i) => (i === column ? head.setAttribute("aria-sort", descending ? "descending" : "ascending") : head.removeAttribute("aria-sort")));
    const rows = [...table.rows].sort((a, b) => compare(a.cells[column] ?? null, b.cells[column] ?? null) * (descending ? -1 : 1));
    show(rows);
  }

  function show(rows: ReportRow[]): void {
    fill(body, ...rows.map((row) => h("tr", {}, ...row.cells.map((cell, i) => {
      const numeric = table.columns[i]?.numeric ?? false;
      const text = cell === null ? "" : typeof cell === "number" ? number(cell) : cell;
      const { node } = row;
      const content = i === 0 && node !== undefined ? h("a", { href: "#", onclick: (event) => { event.preventDefault(); open(node); } }, text) : text;
      return h("td", { class: numeric ? "numeric" : "" }, content);
    }))));
  }

  show(table.rows);
  return h("div", { class: "scroll" }, h("table", { class: "operators" }, h("thead", {}, h("tr", {}, ...heads)), body));
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
