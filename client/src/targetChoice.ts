import { label } from "./messages";
import { basename } from "./models";
import type { TargetsResult } from "../shared/protocol";

/** What the status bar says of the target in force. */
export function targetStatus(result: TargetsResult): { text: string; tooltip: string } {
  const title = result.targets.find((target) => target.id === result.current)?.detail;
  const what = `Ethos-U target: ${result.current}${title === undefined ? "" : `, ${title}`}.`;
  return result.decidedBy === undefined
    ? { text: `$(circuit-board) ${label(result.current)}`,
    tooltip: `${what}\nModels are checked and compiled for it. Click to choose another.` }
    : { text: `$(circuit-board) ${label(result.current)} $(json)`,
    tooltip: `${what}\nThe project decides it, in ${fileName(result.decidedBy)}. Click to change it there.` };
}

export interface TargetItem {
  label: string;
  description: string;
  detail: string;
  id: string;
}

/** The targets to choose from; the one in force is said to be so. */
export function targetItems(result: TargetsResult): TargetItem[] {
  return result.targets.map((target) => ({
    label: target.title,
    description: target.id !== result.current ? target.id : result.decidedBy === undefined ? `${target.id}, in use`
      : `${target.id}, in use by ${fileName(result.decidedBy)}`,
    detail: target.detail,
    id: target.id,
  }));
}

/** The text of an `ethosu.json` with another target; undefined if the text does not name one, so that it cannot simply be replaced. */
export function withTarget(text: string, target: string): string | undefined {
  const place = findTarget(text);
  return place === undefined ? undefined : text.slice(0, place.start) + JSON.stringify(target) + text.slice(place.end);
}

/** Where the value of the outermost object's "target" stands, comments and nested objects passed over. */
function findTarget(text: string): { start: number; end: number } | undefined {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|[{}[\]:,]/g;
  let depth = 0;
  let key: string | undefined;
  let afterColon = false;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const part = match[0];
    if (part.startsWith("/")) continue;
    if (part === "{" || part === "[") depth++;
    else if (part === "}" || part === "]") depth--;
    else if (part === ":") afterColon = true;
    else if (part.startsWith("\"") && depth === 1) {
      if (afterColon && key === "\"target\"") return { start: match.index, end: match.index + part.length };
      if (!afterColon) key = part;
    }
    if (part !== ":") afterColon = false;
  }
  return undefined;
}

function fileName(uri: string): string {
  return decodeURIComponent(basename(uri));
}
