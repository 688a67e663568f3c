import type { FindingView } from "../../shared/protocol";
import { h } from "./dom";
import { send } from "./host";

const words = { error: "Error", warning: "Warning", info: "Note" } as const;

/**
 * A finding: its severity, reason, advice and the link to its rule; with the operator and the line it is about, where those are not plain
 * from the place.
 */
export function findingElement(finding: FindingView, open?: (node: string) => void): HTMLElement {
  const { node, source } = finding;
  const name = [finding.operator, finding.name].filter((part) => part !== undefined && part !== "").join(" ");
  return h("li", { class: `finding ${finding.severity}` },
    h("strong", {}, `${words[finding.severity]}: `),
    // The spaces also stand where buttons have become plain text, in an export.
    ...(open === undefined || name === "" ? []
      : [node === undefined ? h("span", { class: "about" }, name) : h("button", { class: "plain about", onclick: () => open(node) }, name),
      " "]),
    ...(open === undefined || source === undefined ? []
      : [h("button", { class: "plain about", onclick: () => send({ type: "reveal", source }) }, source.label), " "]),
    finding.reason, " ", h("em", {}, finding.advice), " ",
    h("a", { href: finding.help, onclick: (event) => { event.preventDefault(); send({ type: "rule", rule: finding.rule }); } },
      finding.rule));
}
