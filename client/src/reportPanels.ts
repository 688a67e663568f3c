import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { GraphEditors } from "./graphEditor";
import { openRule, revealSource } from "./links";
import { basename, exportPath } from "./models";
import { pageHtml, pageOptions } from "./page";
import { methods, type ComparisonData, type HostMessage, type PageMessage, type ReportData } from "../shared/protocol";

/** The editor tabs that show a compilation report or a comparison of targets; one of each a model. */
export class ReportPanels {
  private readonly panels = new Map<string, { panel: vscode.WebviewPanel; send: () => Promise<void> }>();

  constructor(private readonly context: vscode.ExtensionContext, private readonly client: LanguageClient,
    private readonly graphs: GraphEditors, changes: vscode.Event<vscode.Uri>) {
    context.subscriptions.push(changes((model) => this.refresh(model)));
  }

  /** Opens the report of a model. */
  showReport(model: vscode.Uri): void {
    this.open(model, "Report", async () => ({
      type: "report",
      data: await this.client.sendRequest<ReportData>(methods.report, { uri: model.toString() }),
    }));
  }

  /** Opens the comparison of a model's targets. */
  showComparison(model: vscode.Uri): void {
    this.open(model, "Targets", async () => ({
      type: "comparison",
      data: await this.client.sendRequest<ComparisonData>(methods.compare, { uri: model.toString() }),
    }));
  }

  private refresh(model: vscode.Uri): void {
    for (const kind of ["Report", "Targets"]) void this.panels.get(panelKey(model, kind))?.send();
  }

  private open(model: vscode.Uri, kind: string, load: () => Promise<HostMessage>): void {
    const key = panelKey(model, kind);
    const name = basename(model.path);
    const present = this.panels.get(key);
    if (present !== undefined) {
      present.panel.reveal();
      void present.send();
      return;
    }
    const panel = vscode.window.createWebviewPanel("ethosu.report", `${kind}: ${name}`, vscode.ViewColumn.Active, {
      ...pageOptions(this.context),
      retainContextWhenHidden: true,
    });
    let newest = 0;
    const send = async (): Promise<void> => {
      const number = ++newest;
      let message: HostMessage;
      try {
        message = await load();
      } catch (error) {
        message = { type: "error", message: error instanceof Error ? error.message : String(error) };
      }
      // An answer that a newer request has overtaken is old.
      if (number === newest && this.panels.get(key)?.panel === panel) void panel.webview.postMessage(message);
    };
    this.panels.set(key, { panel, send });
    panel.onDidDispose(() => this.panels.delete(key));
    panel.webview.onDidReceiveMessage((message: PageMessage) => void this.receive(model, message, send));
    panel.webview.html = pageHtml(this.context, panel.webview, "report", `${kind}: ${name}`);
  }

  private async receive(model: vscode.Uri, message: PageMessage, send: () => Promise<void>): Promise<void> {
    switch (message.type) {
      case "ready":
        return send();
      case "showNode":
        return this.graphs.show(model, message.node);
      case "reveal":
        return revealSource(message.source);
      case "useTarget":
        return void (await vscode.commands.executeCommand("ethosu.selectTarget", message.target));
      case "rule":
        return openRule(this.context, message.rule);
      case "export":
        return exportReport(model, message.format, message.content);
    }
  }
}

function panelKey(model: vscode.Uri, kind: string): string {
  return `${kind} ${model.toString()}`;
}

async function exportReport(model: vscode.Uri, format: "html" | "csv" | "json", content: string): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: model.with({ path: exportPath(model.path, format) }),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(content));
}
