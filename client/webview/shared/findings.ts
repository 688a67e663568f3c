import type { FindingView } from "../../src/protocol";
import { h } from "./dom";
import { send } from "./host";

const words = { error: "Error", warning: "Warning", info: "Note" } as const;

/** A finding: its severity, reason, advice and the link to its rule. */
export function findingElement(finding: FindingView): HTMLElement {
  return h("li", { class: `finding ${finding.severity}` },
    h("strong", {}, `${words[finding.severity]}: `), finding.reason, " ", h("em", {}, finding.advice), " ",
    h("a", { href: finding.help, onclick: (event) => { event.preventDefault(); send({ type: "link", url: finding.help }); } }, finding.rule));
}
