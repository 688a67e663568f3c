import * as vscode from "vscode";

// The one place through which text reaches notifications, progress and labels. Names of models, nodes and files are anybody's, and the
// editor reads markup there.

/**
 * A text in which nothing is a link: notifications show `[text](command:…)` as one that runs a command. Control characters are shown as
 * their codes.
 */
export function plain(text: string): string {
  return text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll("](", "] (");
}

/** A text for labels, in which `$(name)` would be a picture. */
export function label(text: string): string {
  return plain(text).replaceAll("$(", "$ (");
}

export function showInformation(message: string, ...choices: string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(plain(message), ...choices);
}

export function showWarning(message: string, ...choices: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(plain(message), ...choices);
}

export function showFailure(message: string, ...choices: string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(plain(message), ...choices);
}

/** Asks for a decision in a window of its own; undefined if the user backs out. */
export function ask(message: string, ...choices: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(plain(message), { modal: true }, ...choices);
}
