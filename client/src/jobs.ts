import { sep } from "node:path";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { WorkDoneProgress } from "vscode-languageclient/node";
import { label, showFailure } from "./messages";

let lastToken = 0;

/**
 * Runs a long request with a progress notification that can be cancelled. Returns undefined if it was cancelled or failed,
 * which the user has then been told; `failed` tells of an error.
 */
export async function runJob<T>(client: LanguageClient, title: string, method: string, params: object,
  failed: (error: unknown) => unknown = showError): Promise<T | undefined> {
  const token = `ethosu-${++lastToken}`;
  return vscode.window
    .withProgress({ location: vscode.ProgressLocation.Notification, title: label(title), cancellable: true },
    async (progress, cancellation) => {
    let done = 0;
    const listener = client.onProgress(WorkDoneProgress.type, token, (value) => {
      if (value.kind !== "report") return;
      const increment = value.percentage === undefined ? undefined : Math.max(0, value.percentage - done);
      done = value.percentage ?? done;
      progress.report({ message: label(value.message ?? ""), ...(increment === undefined ? {} : { increment }) });
    });
    try {
      return await client.sendRequest<T>(method, { ...params, workDoneToken: token }, cancellation);
    } catch (error) {
      // The notification of the progress ends now, whenever the user answers that of the error.
      if (!cancellation.isCancellationRequested) void failed(error);
      return undefined;
    } finally {
      listener.dispose();
    }
  });
}

/** Tells the user what went wrong; long messages (a refused model's findings) can be read in full. */
export async function showError(error: unknown): Promise<void> {
  const message = withoutFolders(error instanceof Error ? error.message : String(error));
  const lines = message.split("\n");
  if (lines.length === 1) {
    // A message with a reference into the log leads there.
    const choices = /\bbug-\d+-\d+/.test(message) ? ["Show Output"] : [];
    void showFailure(message, ...choices).then((choice) => choice && vscode.commands.executeCommand("ethosu.showOutput"));
    return;
  }
  const choice = await showFailure(`${lines[0]} (and ${lines.length - 1} more)`, "Show Problems");
  if (choice !== undefined) await vscode.commands.executeCommand("workbench.actions.view.problems");
}

/** A message in which files of the workspace are named from its folder on: long paths would hide what it says. */
function withoutFolders(message: string): string {
  return (vscode.workspace.workspaceFolders ?? []).reduce((text, { uri }) => text.replaceAll(`${uri.fsPath}${sep}`, ""), message);
}
