import * as vscode from "vscode";
import { State, type LanguageClient } from "vscode-languageclient/node";

/** Says in the language status, beside the braces of the status bar, whether the server runs; from there it is started again. */
export function showServerStatus(context: vscode.ExtensionContext, client: LanguageClient): void {
  const item = vscode.languages.createLanguageStatusItem("ethosu.server",
    [{ language: "python" }, { language: "ethosu-listing" }, { pattern: "**/ethosu.json" }]);
  item.name = "Ethos-U language server";
  const show = (state: State): void => {
    item.busy = state === State.Starting;
    item.severity = state === State.Stopped ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    item.text = state === State.Running ? "Ethos-U: running" : state === State.Starting ? "Ethos-U: starting" : "Ethos-U: stopped";
    item.command = { command: "ethosu.restartServer", title: "Restart" };
  };
  show(client.state);
  context.subscriptions.push(item, client.onDidChangeState((change) => show(change.newState)));
}
