import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { methods, type ModelChangedParams } from "../shared/protocol";

/**
 * Fires when what the server said of a model is no longer true. The client keeps one listener for each kind of notification: this is it.
 */
export function modelChanges(context: vscode.ExtensionContext, client: LanguageClient): vscode.Event<vscode.Uri> {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  context.subscriptions
    .push(changed, client.onNotification(methods.modelChanged, ({ uri }: ModelChangedParams) => changed.fire(vscode.Uri.parse(uri))));
  return changed.event;
}
