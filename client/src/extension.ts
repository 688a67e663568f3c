import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { registerCommands } from "./commands";
import { registerGraphEditor } from "./graphEditor";
import { registerListing } from "./listing";
import { showFailure } from "./messages";
import { modelChanges } from "./modelChanges";
import { ReportPanels } from "./reportPanels";
import { startServer } from "./server";
import { showServerStatus } from "./serverStatus";
import { registerTarget } from "./target";
import { replaceTextTabs } from "./textTabs";

/** What other extensions and tests get from this one. */
export interface Api {
  client: LanguageClient;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const output = vscode.window.createOutputChannel("Ethos-U Bridge");
  context.subscriptions.push(output);
  let client: LanguageClient;
  try {
    client = await startServer(context, output);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    void showFailure(`Ethos-U Bridge cannot start its server. ${message}`);
    throw error;
  }
  const changes = modelChanges(context, client);
  const graphs = registerGraphEditor(context, client, changes);
  const reports = new ReportPanels(context, client, graphs, changes);
  registerListing(context, client, changes);
  registerTarget(context, client, changes);
  showServerStatus(context, client);
  registerCommands(context, client, reports, graphs);
  replaceTextTabs(context);
  return { client };
}
