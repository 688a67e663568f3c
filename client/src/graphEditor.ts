import { createHash } from "node:crypto";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { openRule, openListing, revealSource } from "./links";
import { basename } from "./models";
import { pageHtml, pageOptions } from "./page";
import { methods, type GraphData, type HostMessage, type NodeDetails, type PageMessage } from "../shared/protocol";

export const graphViewType = "ethosu.graph";

/** The editor tabs that show a model as a graph. */
export class GraphEditors implements vscode.CustomReadonlyEditorProvider {
  private readonly panels = new Map<string, Set<vscode.WebviewPanel>>();
  private readonly wanted = new Map<string, string>();

  constructor(private readonly context: vscode.ExtensionContext, private readonly client: LanguageClient) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  /** The file that the server reads: the model itself, or a copy of the version that git or another provider has. */
  private async fileOf(uri: vscode.Uri): Promise<vscode.Uri> {
    if (uri.scheme === "file") return uri;
    const content = await vscode.workspace.fs.readFile(uri);
    const version = createHash("sha256").update(content).digest("hex").slice(0, 16);
    const copy = vscode.Uri.joinPath(this.context.globalStorageUri, "versions", version, basename(uri.path));
    await vscode.workspace.fs.writeFile(copy, content);
    return copy;
  }

  async resolveCustomEditor(document: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const key = (await this.fileOf(document.uri)).toString();
    const open = this.panels.get(key) ?? new Set();
    this.panels.set(key, open.add(panel));
    panel.onDidDispose(() => {
      open.delete(panel);
      if (open.size === 0) this.panels.delete(key);
    });
    panel.webview.options = pageOptions(this.context);
    panel.webview.onDidReceiveMessage((message: PageMessage) => void this.receive(panel, key, message));
    panel.webview.html = pageHtml(this.context, panel.webview, "graph", document.uri.path);
  }

  /** Opens a model's graph; selects an operator if one is given. */
  async show(model: vscode.Uri, node?: string): Promise<void> {
    const key = model.toString();
    if (node !== undefined) this.wanted.set(key, node);
    await vscode.commands.executeCommand("vscode.openWith", model, graphViewType);
    if (node === undefined) return;
    for (const panel of this.panels.get(key) ?? []) this.post(panel, { type: "select", id: node });
  }

  /** Tells the pages of a model to load what they show again. */
  refresh(uri: string): void {
    for (const panel of this.panels.get(uri) ?? []) this.post(panel, { type: "changed" });
  }

  private async receive(panel: vscode.WebviewPanel, uri: string, message: PageMessage): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.sendGraph(panel, uri, undefined);
      case "open":
        return this.sendGraph(panel, uri, message.inside);
      case "details":
        return this.answer(panel, undefined, async () => ({
          type: "details",
          data: await this.client.sendRequest<NodeDetails>(methods.node, { uri, id: message.id, inside: message.inside }),
        }));
      case "reveal":
        return revealSource(message.source);
      case "listing":
        return openListing(uri, message.line);
      case "rule":
        return openRule(this.context, message.rule);
    }
  }

  private async sendGraph(panel: vscode.WebviewPanel, uri: string, inside: string | undefined): Promise<void> {
    await this.answer(panel, inside, async () => {
      const data = await this.client.sendRequest<GraphData>(methods.graph, { uri, inside });
      return { type: "graph", data, ...(inside === undefined ? {} : { inside }) };
    });
    const node = this.wanted.get(uri);
    if (node === undefined) return;
    this.wanted.delete(uri);
    this.post(panel, { type: "select", id: node });
  }

  /** Sends what a request gives, or its error, to a page. */
  private async answer(panel: vscode.WebviewPanel, inside: string | undefined, request: () => Promise<HostMessage>): Promise<void> {
    try {
      this.post(panel, await request());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.post(panel, { type: "error", message, ...(inside === undefined ? {} : { inside }) });
    }
  }

  private post(panel: vscode.WebviewPanel, message: HostMessage): void {
    // The tab may have been closed while the server answered.
    if ([...this.panels.values()].some((open) => open.has(panel))) void panel.webview.postMessage(message);
  }
}

export function registerGraphEditor(context: vscode.ExtensionContext, client: LanguageClient,
  changes: vscode.Event<vscode.Uri>): GraphEditors {
  const editors = new GraphEditors(context, client);
  context.subscriptions.push(
    vscode.window.registerCustomEditorProvider(graphViewType, editors, {
      webviewOptions: { retainContextWhenHidden: true },
      supportsMultipleEditorsPerDocument: true,
    }),
    changes((model) => editors.refresh(model.toString())),
  );
  return editors;
}
