import type { ReportRow } from "../../shared/protocol";

type Cell = string | number | null;

/** Rows sorted by a column; rows without a value come last, whichever way it goes. */
export function sortRows<T extends Pick<ReportRow, "cells">>(rows: readonly T[], column: number, descending: boolean): T[] {
  return [...rows].sort((first, second) => {
    const a = first.cells[column] ?? null;
    const b = second.cells[column] ?? null;
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return compare(a, b) * (descending ? -1 : 1);
  });
}

/** The rows that hold every word of a query. */
export function filterRows<T extends Pick<ReportRow, "cells">>(rows: readonly T[], query: string): T[] {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return rows.filter(({ cells }) => {
    const text = cells.filter((cell) => cell !== null).join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function compare(a: NonNullable<Cell>, b: NonNullable<Cell>): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
