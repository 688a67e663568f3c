import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { LanguageClient, TransportKind, type Executable } from "vscode-languageclient/node";
import { methods } from "../shared/protocol";

/** Starts the language server and returns its client; throws with advice if the server cannot be found. */
export async function startServer(context: vscode.ExtensionContext, output: vscode.OutputChannel): Promise<LanguageClient> {
  const client = new LanguageClient("ethosu", "Ethos-U Bridge", findServer(context), {
    documentSelector: [{ language: "python" }, { language: "ethosu-listing" }, { pattern: "**/ethosu.json" }],
    outputChannel: output,
    traceOutputChannel: vscode.window.createOutputChannel("Ethos-U Bridge Trace"),
    initializationOptions: { settings: settings(), trusted: vscode.workspace.isTrusted,
      rulesFolder: context.asAbsolutePath(join("docs", "rules")) },
    synchronize: {
      fileEvents: vscode.workspace.createFileSystemWatcher("**/{*.onnx,*.pt2,*.tflite,*.py,ethosu.json}"),
    },
  });
  context.subscriptions.push(client, vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration("ethosu"))
      void client.sendNotification("workspace/didChangeConfiguration", { settings: settings() });
  }));
  await client.start();
  context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(methods.trusted)));
  return client;
}

function settings(): unknown {
  return JSON.parse(JSON.stringify(vscode.workspace.getConfiguration("ethosu")));
}

function findServer(context: vscode.ExtensionContext): Executable {
  const configured = vscode.workspace.getConfiguration("ethosu").get<string>("server.path", "");
  const name = process.platform === "win32" ? "ethosu-language-server.exe" : "ethosu-language-server";
  const bundled = context.asAbsolutePath(join("server", name));
  const command = configured !== "" ? configured : bundled;
  if (!existsSync(command)) {
    throw new Error(configured !== ""
      ? `The setting ethosu.server.path names '${configured}', which does not exist.`
      : `This package of the extension has no language server for ${process.platform}-${process.arch}. `
        + "Install the package made for your platform.");
  }
  return command.endsWith(".dll")
    ? { command: "dotnet", args: [command], transport: TransportKind.stdio }
    : { command, transport: TransportKind.stdio };
}
