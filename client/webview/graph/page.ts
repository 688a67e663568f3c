import { h } from "../shared/dom";

export const canvasElement = h("canvas", {
  tabindex: 0, role: "application", "aria-roledescription": "graph",
  "aria-label": "Model graph. Arrow keys follow the edges, plus and minus zoom, 0 shows all, Enter opens, C collapses the block. "
    + "The list beside it has all operators.",
});
export const summary = h("span", { class: "summary", role: "status" });
export const search = h("input", { type: "search", placeholder: "Search operators", "aria-label": "Search operators" });
export const found = h("span", { class: "found", "aria-live": "polite" });
export const measure = h("select", { "aria-label": "Colour by" });
export const legend = h("div", { class: "legend", hidden: true });
export const hint = h("p", { class: "hint" },
  "Select an operator to see its details. Arrow keys follow the edges, Enter opens, C collapses a block, / searches.");
export const details = h("aside", { class: "details", "aria-label": "Selected operator" }, hint);
export const spoken = h("p", { class: "spoken", role: "status" });
export const busy = h("p", { class: "busy hint", role: "status" }, "Reading the model…");
export const notice = h("p", { class: "notice", role: "alert", hidden: true });
