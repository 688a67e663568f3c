import type { ComparisonData, ReportData } from "../../shared/protocol";

/** The operators' table as CSV. */
export function reportCsv(report: ReportData): string {
  const rows = [report.table.columns.map((column) => column.title), ...report.table.rows.map((row) => row.cells)];
  return rows.map((cells) => cells.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

/** The comparison as CSV: a line a figure. */
export function comparisonCsv(comparison: ComparisonData): string {
  const rows = [["", ...comparison.columns], ...comparison.rows.map((row) => [row.label, ...row.cells])];
  return rows.map((cells) => cells.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

function csvCell(cell: string | number | null): string {
  const text = cell === null ? "" : String(cell);
  // A leading = + - @ of a text would be run as a formula by spreadsheets.
  const safe = typeof cell === "string" && /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The report as a page of its own, with the colours that it has now. */
export function standaloneHtml(title: string, content: HTMLElement): string {
  const colours = [...document.documentElement.style].filter((name) => name.startsWith("--vscode-"))
    .map((name) => `${name}:${document.documentElement.style.getPropertyValue(name)}`).join(";");
  const rules = [...document.styleSheets].flatMap((sheet) => {
    try {
      return [...sheet.cssRules].map((rule) => rule.cssText);
    } catch {
      return []; // a sheet of another origin cannot be read
    }
  }).join("\n");
  const escaped = title.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  return `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${escaped}</title>\n<style>:root{${colours}}\n${rules}</style></head>\n<body>${withoutControls(content).outerHTML}</body></html>\n`;
}

/** A copy in which what only works in the editor is plain text. */
function withoutControls(content: HTMLElement): HTMLElement {
  const copy = content.cloneNode(true) as HTMLElement;
  for (const gone of copy.querySelectorAll("input, .uses, .readout")) gone.remove();
  for (const details of copy.querySelectorAll("details")) details.open = true;
  for (const control of copy.querySelectorAll("button, a:not([href^='https:'])")) control.replaceWith(...control.childNodes);
  return copy;
}
