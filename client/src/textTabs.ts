import * as vscode from "vscode";
import { graphViewType } from "./graphEditor";

/** How long after the start a model that appears as text was opened before the editor knew of the graph. */
const startTime = 10_000;

type TextTab = vscode.Tab & { readonly input: vscode.TabInputText };

/** Shows models as graphs that the editor opened as text while it started and did not know of the graph yet. */
export function replaceTextTabs(context: vscode.ExtensionContext): void {
  const replacing = new Set<string>();
  const replace = async (): Promise<void> => {
    for (const { input, group, isActive } of textTabs()) {
      const model = input.uri.toString();
      if (replacing.has(model)) continue;
      replacing.add(model);
      try {
        await vscode.commands
          .executeCommand("vscode.openWith", input.uri, graphViewType, { viewColumn: group.viewColumn, preserveFocus: !isActive });
        // Tabs are other objects by now; one that is not found any more is seen again with the next change.
        await vscode.window.tabGroups.close(textTabs().filter((tab) => tab.input.uri.toString() === model), true);
      } catch {
        // Seen again with the next change.
      } finally {
        replacing.delete(model);
      }
    }
  };
  void replace();
  const listener = vscode.window.tabGroups.onDidChangeTabs(() => void replace());
  context.subscriptions.push(listener);
  setTimeout(() => {
    listener.dispose();
    void replace();
  }, startTime);
}

/** The tabs that show a model as text. */
function textTabs(): TextTab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs)
    .filter((tab): tab is TextTab => tab.input instanceof vscode.TabInputText && /\.(onnx|pt2|tflite)$/i.test(tab.input.uri.path));
}
