import { applyEdits, modify } from "jsonc-parser";
import * as vscode from "vscode";
import { plain, showInformation } from "./messages";
import { basename } from "./models";

const largest = 65536;

/** The names of the sizes that a refused model leaves open; none for any other error. */
export function openSizes(error: unknown): string[] {
  const data = (error as { data?: { openSizes?: unknown } } | undefined)?.data?.openSizes;
  return Array.isArray(data) ? data.filter((name): name is string => typeof name === "string") : [];
}

/** The text of an `ethosu.json` in which a model's sizes are fixed; comments and the rest stay as they are. */
export function withSizes(text: string, model: string, sizes: Record<string, number>): string {
  return Object.entries(sizes).reduce((changed, [name, size]) => applyEdits(changed,
    modify(changed, ["models", model, "dims", name], size, { formattingOptions: { insertSpaces: true, tabSize: 2, eol: "\n" } })),
      text.trim() === "" ? "{}" : text);
}

/** Asks for the open sizes of a model and writes them into its `ethosu.json`; false if the user backs out. */
export async function askForSizes(model: vscode.Uri, names: string[]): Promise<boolean> {
  const sizes: Record<string, number> = {};
  for (const [index, name] of names.entries()) {
    const answer = await vscode.window.showInputBox({
      title: plain(`${basename(model.path)}: the size '${name}' is open (${index + 1} of ${names.length})`),
      prompt: "On a microcontroller every size must be known. It is written into ethosu.json.",
      placeHolder: "192",
      ignoreFocusOut: true,
      validateInput: (text) => (isSize(text) ? undefined : `A whole number from 1 to ${largest}`),
    });
    if (answer === undefined || !isSize(answer)) return false;
    sizes[name] = Number(answer);
  }
  const file = await settingsFile(model);
  let text = "";
  try {
    text = (await vscode.workspace.openTextDocument(file)).getText();
  } catch {
    // There is none yet.
  }
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(withSizes(text, basename(model.path), sizes)));
  void showInformation(
    `${vscode.workspace.asRelativePath(file)}: ${Object.entries(sizes).map(([name, size]) => `${name} is ${size}`).join(", ")} now.`);
  return true;
}

function isSize(text: string): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= largest;
}

/** The settings file that counts for a model: the nearest one above it in the workspace, else one beside it. */
async function settingsFile(model: vscode.Uri): Promise<vscode.Uri> {
  const top = vscode.workspace.getWorkspaceFolder(model)?.uri.path;
  for (let folder = parent(model.path); ; folder = parent(folder)) {
    const file = model.with({ path: `${folder}/ethosu.json` });
    try {
      await vscode.workspace.fs.stat(file);
      return file;
    } catch {
      if (top === undefined || folder === top || folder === "") return model.with({ path: `${parent(model.path)}/ethosu.json` });
    }
  }
}

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
