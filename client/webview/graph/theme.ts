/** The editor's colours, as it has them now. */
export interface Theme {
  background: string;
  foreground: string;
  muted: string;
  node: string;
  border: string;
  selection: string;
  edge: string;
  npu: string;
  cpu: string;
  heat: string;
  error: string;
  warning: string;
  info: string;
  font: string;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const colour = (name: string, fallback: string): string => style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const foreground = colour("editor-foreground", style.color);
  // In high-contrast themes the charts' orange and the indentation guides are weak.
  const highContrast = document.body.classList.contains("vscode-high-contrast")
    || document.body.classList.contains("vscode-high-contrast-light");
  const warning = colour("editorWarning-foreground", foreground);
  return {
    background: colour("editor-background", "transparent"),
    foreground,
    muted: colour("descriptionForeground", foreground),
    node: colour("editorWidget-background", "transparent"),
    border: colour("contrastBorder", colour("editorWidget-border", foreground)),
    selection: colour("focusBorder", foreground),
    edge: highContrast ? foreground : colour("editorIndentGuide-activeBackground1", colour("descriptionForeground", foreground)),
    npu: colour("charts-green", foreground),
    cpu: highContrast ? warning : colour("charts-orange", foreground),
    heat: colour("charts-red", colour("editorError-foreground", foreground)),
    error: colour("editorError-foreground", foreground),
    warning,
    info: colour("editorInfo-foreground", foreground),
    font: style.getPropertyValue("--vscode-font-family").trim() || "sans-serif",
  };
}

/** Calls back when the editor's theme changes. */
export function onThemeChange(changed: () => void): void {
  new MutationObserver(changed).observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
}
