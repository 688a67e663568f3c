import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { methods, type TargetsResult } from "./protocol";

/** The status-bar item with the target in force, and the quick pick that changes it. */
export function registerTarget(context: vscode.ExtensionContext, client: LanguageClient, changes: vscode.Event<vscode.Uri>): void {
  const item = vscode.window.createStatusBarItem("ethosu.target", vscode.StatusBarAlignment.Right, 50);
  item.name = "Ethos-U target";
  item.command = "ethosu.selectTarget";
  const show = async (): Promise<void> => {
    const { current } = await client.sendRequest<TargetsResult>(methods.targets, {});
    item.text = `$(circuit-board) ${current}`;
    item.tooltip = "Ethos-U target: what models are checked and compiled for. Click to change it.";
    item.show();
  };
  context.subscriptions.push(
    item,
    vscode.commands.registerCommand("ethosu.selectTarget", () => selectTarget(client)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("ethosu")) void show();
    }),
    changes(() => void show()),
  );
  void show();
}

async function selectTarget(client: LanguageClient): Promise<void> {
  const { targets, current } = await client.sendRequest<TargetsResult>(methods.targets, {});
  const picked = await vscode.window.showQuickPick(
    targets.map((target) => ({ label: target.title, description: target.id === current ? "in use" : "", detail: target.detail, id: target.id })),
    { title: "Ethos-U target", placeHolder: "The NPU that models are checked and compiled for", matchOnDetail: true },
  );
  if (picked === undefined) return;
  const scope = vscode.workspace.workspaceFolders === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration("ethosu").update("target", picked.id, scope);
}
