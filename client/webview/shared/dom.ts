type Attributes = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

/** Makes an element. Attributes that are functions are listeners (`onclick`); children that are text are shown as text. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {},
  ...children: (Node | string | undefined)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Replaces everything inside an element. */
export function fill(element: Element, ...children: (Node | string)[]): void {
  element.replaceChildren(...children);
}

/** The page's place for its content. */
export function pageRoot(): HTMLElement {
  const root = document.getElementById("page");
  if (root === null) throw new Error("the page has no root element");
  return root;
}
