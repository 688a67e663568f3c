import * as vscode from "vscode";
import { showListing } from "./listing";
import type { SourceLink } from "./protocol";

/** Opens the line of source that an operator came from. */
export async function revealSource(source: SourceLink): Promise<void> {
  const position = new vscode.Position(source.line, 0);
  await vscode.window.showTextDocument(vscode.Uri.parse(source.uri), {
    selection: new vscode.Range(position, position),
    viewColumn: vscode.ViewColumn.Beside,
  });
}

/** Opens a page of the documentation; only those over https. */
export async function openLink(url: string): Promise<void> {
  const target = vscode.Uri.parse(url, true);
  if (target.scheme === "https") await vscode.env.openExternal(target);
  else if (target.scheme === "file") await vscode.commands.executeCommand("markdown.showPreview", target);
}

/** Opens a model's listing at a line. */
export async function openListing(model: string, line: number): Promise<void> {
  await showListing(vscode.Uri.parse(model), line);
}
