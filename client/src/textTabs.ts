import * as vscode from "vscode";
import { graphViewType } from "./graphEditor";

/** How long after the start a model that appears as text was opened before the editor knew of the graph. */
const startTime = 10_000;

/** Shows models as graphs that the editor opened as text while it started and did not know of the graph yet. */
export function replaceTextTabs(context: vscode.ExtensionContext): void {
  const replace = async (tabs: readonly vscode.Tab[]): Promise<void> => {
    for (const tab of tabs) {
      if (!(tab.input instanceof vscode.TabInputText) || !/\.(onnx|tflite)$/i.test(tab.input.uri.path)) continue;
      await vscode.commands.executeCommand("vscode.openWith", tab.input.uri, graphViewType, { viewColumn: tab.group.viewColumn, preserveFocus: !tab.isActive });
      await vscode.window.tabGroups.close(tab, true);
    }
  };
  void replace(vscode.window.tabGroups.all.flatMap((group) => group.tabs));
  const listener = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => void replace(opened));
  context.subscriptions.push(listener);
  setTimeout(() => listener.dispose(), startTime);
}
