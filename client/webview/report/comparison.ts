import type { ComparisonData, ComparisonRow } from "../../shared/protocol";
import { h } from "../shared/dom";

/** The columns that are best in a row; none if all are alike, or if it cannot be said. */
export function bestColumns(row: ComparisonRow): number[] {
  const values = (row.values ?? []).flatMap((value, column) => (value === null ? [] : [{ value, column }]));
  if (row.better === undefined || values.length < 2) return [];
  const best = values.reduce((a, { value }) => (row.better === "less" ? Math.min(a, value) : Math.max(a, value)), values[0]?.value ?? 0);
  const columns = values.filter(({ value }) => value === best).map(({ column }) => column);
  return columns.length === values.length ? [] : columns;
}

/** The widths of a row's bars in percent of the greatest value; undefined where there is no value. */
export function barWidths(row: ComparisonRow): (number | undefined)[] {
  const most = (row.values ?? []).reduce<number>((a, value) => Math.max(a, value ?? 0), 0);
  return row.cells.map((_, column) => {
    const value = row.values?.[column];
    return value === null || value === undefined || most <= 0 ? undefined : (100 * value) / most;
  });
}

/** Targets side by side. */
export function comparisonTable(comparison: ComparisonData, use: (target: string) => void): HTMLElement {
  const isCurrent = (column: number): string => (comparison.columns[column] === comparison.current ? "current" : "");
  const head = h("thead", {},
    h("tr", {}, h("th", {}), ...comparison.columns.map((title, column) => h("th", { scope: "col", class: isCurrent(column) }, title))));
  const rows = comparison.rows.map((row) => {
    const best = bestColumns(row);
    const widths = barWidths(row);
    return h("tr", {}, h("th", { scope: "row" }, row.label), ...row.cells.map((cell, column) => {
      const width = widths[column];
      const bar = width === undefined ? undefined : h("span", { class: "bar" });
      if (bar !== undefined) bar.style.width = `${width}%`;
      const isBest = best.includes(column);
      return h("td", { class: `${isCurrent(column)} ${isBest ? "best" : ""}`.trim() },
        h("span", isBest ? { title: "the best of them" } : {}, cell.replaceAll("_", "_\u200b")), bar);
    }));
  });
  const uses = comparison.current === undefined ? undefined
    : h("tr", { class: "uses" }, h("th", {}), ...comparison.columns.map((target, column) => h("td", { class: isCurrent(column) },
    target === comparison.current ? "in use" : h("button", { onclick: () => use(target) }, "Use"))));
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Targets side by side" },
    h("table", { class: "comparison" }, head, h("tbody", {}, ...rows), h("tfoot", {}, uses)));
}
