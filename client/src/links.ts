import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { showListing } from "./listing";
import type { SourceLink } from "../shared/protocol";

/** Opens the line of source that an operator came from; only files of the workspace are opened. */
export async function revealSource(source: SourceLink): Promise<void> {
  const uri = vscode.Uri.parse(source.uri);
  if (uri.scheme !== "file" || vscode.workspace.getWorkspaceFolder(uri) === undefined) return;
  const position = new vscode.Position(source.line, 0);
  await vscode.window.showTextDocument(uri, {
    selection: new vscode.Range(position, position),
    viewColumn: vscode.ViewColumn.Beside,
  });
}

/** Opens the page about a rule; there are only those that came with the extension. */
export async function openRule(context: vscode.ExtensionContext, rule: string): Promise<void> {
  if (!/^[a-z0-9-]+$/.test(rule)) return;
  const page = context.asAbsolutePath(join("docs", "rules", `${rule}.md`));
  if (existsSync(page)) await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.file(page));
}

/** Opens a model's listing at a line. */
export async function openListing(model: string, line: number): Promise<void> {
  await showListing(vscode.Uri.parse(model), line);
}
