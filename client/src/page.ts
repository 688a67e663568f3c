import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** The HTML of a page: one script and one style sheet of the extension, nothing else may load or run. */
export function pageHtml(context: vscode.ExtensionContext, webview: vscode.Webview, page: "graph" | "report", title: string): string {
  const nonce = randomBytes(18).toString("base64");
  const file = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, "dist", "webview", name))
    .toString();
  // The layout worker is started from a blob, since a page may not start a worker from another origin.
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "worker-src blob:",
    `connect-src ${webview.cspSource}`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" crossorigin="anonymous" href="${file(`${page}.css`)}">
<title>${escapeHtml(title)}</title>
</head>
<body data-page="${page}" data-worker="${file("layoutWorker.js")}">
<div id="page"></div>
<script nonce="${nonce}" src="${file(`${page}.js`)}"></script>
</body>
</html>`;
}

/** What a page may load, and that it may run scripts. */
export function pageOptions(context: vscode.ExtensionContext): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(context.extensionUri, "dist", "webview")] };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
