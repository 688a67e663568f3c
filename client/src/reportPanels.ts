import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { GraphEditors } from "./graphEditor";
import { openLink } from "./links";
import { pageHtml, pageOptions } from "./page";
import { methods, type ComparisonData, type HostMessage, type PageMessage, type ReportData } from "./protocol";

/** The editor tabs that show a compilation report or a comparison of targets; one of each a model. */
export class ReportPanels {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor(private readonly context: vscode.ExtensionContext, private readonly client: LanguageClient, private readonly graphs: GraphEditors) {
    context.subscriptions.push(client.onNotification(methods.modelChanged, ({ uri }: { uri: string }) => this.refresh(vscode.Uri.parse(uri))));
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
    if (this.panels.has(panelKey(model, "Report"))) this.showReport(model);
  }

  private open(model: vscode.Uri, kind: string, load: () => Promise<HostMessage>): void {
    const key = panelKey(model, kind);
    const name = model.path.slice(model.path.lastIndexOf("/") + 1);
    const send = async (panel: vscode.WebviewPanel): Promise<void> => {
      let message: HostMessage;
      try {
        message = await load();
      } catch (error) {
        message = { type: "error", message: error instanceof Error ? error.message : String(error) };
      }
      void panel.webview.postMessage(message);
    };
    const present = this.panels.get(key);
    if (present !== undefined) {
      present.reveal();
      void send(present);
      return;
    }
    const panel = vscode.window.createWebviewPanel("ethosu.report", `${kind}: ${name}`, vscode.ViewColumn.Active, {
      ...pageOptions(this.context),
      retainContextWhenHidden: true,
    });
    this.panels.set(key, panel);
    panel.onDidDispose(() => this.panels.delete(key));
    panel.webview.onDidReceiveMessage((message: PageMessage) => void this.receive(panel, model, message, send));
    panel.webview.html = pageHtml(this.context, panel.webview, "report", `${kind}: ${name}`);
  }

  private async receive(panel: vscode.WebviewPanel, model: vscode.Uri, message: PageMessage, send: (panel: vscode.WebviewPanel) => Promise<void>): Promise<void> {
    switch (message.type) {
      case "ready":
        return send(panel);
      case "showNode":
        return this.graphs.show(model, message.node);
      case "link":
        return openLink(message.url);
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
    defaultUri: model.with({ path: `${model.path.replace(/\.[^.]+$/, "")}.report.${format}` }),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(content));
}
