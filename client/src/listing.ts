import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { isModel, listingPath, modelPath } from "./models";
import { methods, type ListingResult } from "../shared/protocol";

export const listingScheme = "ethosu-listing";

/** The URI of a model's listing: the model's path with `.listing` behind it. */
export function listingUri(model: vscode.Uri): vscode.Uri {
  return model.with({ scheme: listingScheme, path: listingPath(model.path) });
}

/** The model that a listing is of. */
export function modelOfListing(listing: vscode.Uri): vscode.Uri {
  return listing.with({ scheme: "file", path: modelPath(listing.path) });
}

/** The model of the tab or listing that is open; undefined if there is none. */
export function activeModel(): vscode.Uri | undefined {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active?.scheme === listingScheme) return modelOfListing(active);
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return tab instanceof vscode.TabInputCustom && isModel(tab.uri.path) ? tab.uri : undefined;
}

/** Opens a model's listing, at a line if one is given. */
export async function showListing(model: vscode.Uri, line = 0): Promise<void> {
  const document = await vscode.workspace.openTextDocument(listingUri(model));
  const position = new vscode.Position(line, 0);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(position, position), preview: true });
}

/** Every model as read-only text: one operator a line. */
export function registerListing(context: vscode.ExtensionContext, client: LanguageClient, changes: vscode.Event<vscode.Uri>): void {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  context.subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(listingScheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri, cancellation) => {
        const result = await client.sendRequest<ListingResult>(methods.listing, { uri: modelOfListing(uri).toString() }, cancellation);
        return result.text;
      },
    }),
    changes((model) => changed.fire(listingUri(model))),
  );
}
