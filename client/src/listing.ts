import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { methods, type ListingResult } from "./protocol";

export const listingScheme = "ethosu-listing";

/** The URI of a model's listing: the model's path with `.listing` behind it. */
export function listingUri(model: vscode.Uri): vscode.Uri {
  return model.with({ scheme: listingScheme, path: `${model.path}.listing` });
}

/** The model that a listing is of. */
export function modelOfListing(listing: vscode.Uri): vscode.Uri {
  return listing.with({ scheme: "file", path: listing.path.replace(/\.listing$/, "") });
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
