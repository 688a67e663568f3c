import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { showError } from "./jobs";
import { activeModel } from "./listing";
import { showInformation, showWarning } from "./messages";
import { methods, type TargetsResult } from "../shared/protocol";
import { targetItems, targetStatus, withTarget, type TargetItem } from "./targetChoice";

/** The status-bar item with the target in force for the model that is open, and the quick pick that changes it. */
export function registerTarget(context: vscode.ExtensionContext, client: LanguageClient, changes: vscode.Event<vscode.Uri>): void {
  const item = vscode.window.createStatusBarItem("ethosu.target", vscode.StatusBarAlignment.Right, 50);
  item.name = "Ethos-U target";
  item.command = "ethosu.selectTarget";
  const show = async (): Promise<void> => {
    try {
      const status = targetStatus(await targets(client));
      item.text = status.text;
      item.tooltip = status.tooltip;
      item.show();
    } catch (error) {
      client.error("The target could not be asked for", error, false);
    }
  };
  const refresh = (): void => void show();
  context.subscriptions.push(
    item,
    vscode.commands.registerCommand("ethosu.selectTarget", async (wanted?: unknown) => {
      try {
        await selectTarget(client, typeof wanted === "string" ? wanted : undefined);
      } catch (error) {
        await showError(error);
      }
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("ethosu")) refresh();
    }),
    vscode.window.onDidChangeActiveTextEditor(refresh),
    vscode.window.tabGroups.onDidChangeTabs(refresh),
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (document.uri.path.endsWith("/ethosu.json")) refresh();
    }),
    changes(refresh),
  );
  refresh();
}

function targets(client: LanguageClient): Promise<TargetsResult> {
  const model = activeModel();
  return client.sendRequest<TargetsResult>(methods.targets, model === undefined ? {} : { uri: model.toString() });
}

async function selectTarget(client: LanguageClient, wanted: string | undefined): Promise<void> {
  const result = await targets(client);
  const target = wanted ?? (await pickTarget(result));
  if (target === undefined || (wanted === undefined && target === result.current)) return;
  if (result.decidedBy !== undefined) return changeFile(vscode.Uri.parse(result.decidedBy), target);
  const scope = vscode.workspace.workspaceFolders === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration("ethosu").update("target", target, scope);
}

/** Lets the user choose; the target in force is marked, so that Enter alone changes nothing. */
function pickTarget(result: TargetsResult): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<TargetItem>();
  pick.title = "Ethos-U target";
  pick.placeholder = result.decidedBy === undefined ? "The NPU that models are checked and compiled for"
    : "ethosu.json decides the target of this project: it will be changed there";
  pick.matchOnDetail = pick.matchOnDescription = true;
  pick.items = targetItems(result);
  pick.activeItems = pick.items.filter((item) => item.id === result.current);
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.activeItems[0]?.id);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/**
 * Writes the target into the settings file that decides it; one that is being edited is changed in the editor and left to the user to save.
 */
async function changeFile(uri: vscode.Uri, target: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  const changed = withTarget(text, target);
  if (changed === undefined) {
    await vscode.window.showTextDocument(document);
    void showWarning(`The target could not be found in ${vscode.workspace.asRelativePath(uri)}; change it there.`);
    return;
  }
  const wasDirty = document.isDirty;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(document.positionAt(0), document.positionAt(text.length)), changed);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${vscode.workspace.asRelativePath(uri)} could not be changed.`);
  if (!wasDirty) await document.save();
  const choice = showInformation(`${vscode.workspace.asRelativePath(uri)}: the target is ${target} now.`, "Open");
  void choice.then((chosen) => chosen === undefined ? undefined : vscode.window.showTextDocument(document));
}
