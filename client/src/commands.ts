import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { GraphEditors } from "./graphEditor";
import { runJob, showError } from "./jobs";
import { activeModel, listingScheme, modelOfListing, showListing } from "./listing";
import { ask, label, showInformation, showWarning } from "./messages";
import { basename, isModel, isSource } from "./models";
import { openRule } from "./links";
import { askForSizes, openSizes } from "./openSizes";
import { methods, type CheckResult, type JobResult } from "../shared/protocol";
import type { ReportPanels } from "./reportPanels";

/** All commands on models. Each takes the model's URI, or asks for it. */
export function registerCommands(context: vscode.ExtensionContext, client: LanguageClient, reports: ReportPanels,
  graphs: GraphEditors): void {
  const onModel = (name: string, run: (model: vscode.Uri, argument?: unknown) => unknown): void => {
    context.subscriptions.push(vscode.commands.registerCommand(name, async (given?: vscode.Uri | string, argument?: unknown) => {
      // The explorer gives the file that was clicked and, behind it, all that are selected.
      const models = given instanceof vscode.Uri && isSelection(argument, given) ? argument : [await chooseModel(given)];
      let last: unknown;
      for (const model of models) {
        if (model === undefined) continue;
        try {
          last = await run(model, Array.isArray(argument) ? undefined : argument);
        } catch (error) {
          await showError(error);
        }
      }
      return last;
    }));
  };
  const job = async (title: string, method: string, model: vscode.Uri,
    ...choices: [label: string, act: (files: vscode.Uri[]) => unknown][]): Promise<JobResult | undefined> => {
    let open: string[] = [];
    const run = (overwrite: boolean, asks = false): Promise<JobResult | undefined> =>
      runJob<JobResult>(client, `${title} ${basename(model.path)}`, method, { uri: model.toString(), overwrite }, (error) => {
        open = asks ? openSizes(error) : [];
        return open.length === 0 ? showError(error) : undefined;
      });
    let result = await run(false, true);
    // A model with open sizes cannot be compiled; the user knows them.
    if (result === undefined && open.length > 0 && (await askForSizes(model, open))) result = await run(false);
    if (result?.question !== undefined) result = (await ask(result.question, "Replace")) === "Replace" ? await run(true) : undefined;
    if (result === undefined) return undefined;
    const files = result.files.map((file) => vscode.Uri.parse(file));
    void showInformation(result.message, ...choices.map(([label]) => label)).then((chosen) =>
      choices.find(([label]) => label === chosen)?.[1](files));
    return result;
  };

  onModel("ethosu.convert", (model) => job("Converting", methods.convert, model,
    ["Show Graph", ([file]) => file && graphs.show(file)],
    ["Compile", ([file]) => file && vscode.commands.executeCommand("ethosu.compile", file)]));
  onModel("ethosu.compile", async (model) => {
    const result = await job("Compiling", methods.compile, model, ["Show Graph", ([file]) => file && graphs.show(file)]);
    if (result !== undefined) reports.showReport(model);
    return result;
  });
  onModel("ethosu.check", (model) => check(client, model));
  onModel("ethosu.showGraph", (model, node) => graphs.show(model, typeof node === "string" ? node : undefined));
  onModel("ethosu.showListing", (model, line) => showListing(model, typeof line === "number" ? line : 0));
  onModel("ethosu.showReport", (model) => reports.showReport(model));
  onModel("ethosu.compareTargets", (model) => reports.showComparison(model));
  onModel("ethosu.exportC", async (model) => {
    const file = isSource(model.path) ? await makeExportable(model, job) : model;
    return file && job("Exporting", methods.exportC, file, ["Open", ([header]) => header && vscode.window.showTextDocument(header)]);
  });
  context.subscriptions.push(
    vscode.commands.registerCommand("ethosu.checkWorkspace", () => check(client, null)),
    vscode.commands.registerCommand("ethosu.runScript", (script: string) => runScript(vscode.Uri.parse(script))),
    vscode.commands.registerCommand("ethosu.explainRule", (rule: string) => openRule(context, rule)),
    vscode.commands.registerCommand("ethosu.restartServer", async () => {
      try {
        await client.restart();
        void showInformation("The Ethos-U language server was started again.");
      } catch (error) {
        await showError(error);
      }
    }),
    vscode.commands.registerCommand("ethosu.showOutput", () => client.outputChannel.show()),
  );
}

/** True for the models of a selection that the given one is part of. */
function isSelection(argument: unknown, given: vscode.Uri): argument is vscode.Uri[] {
  return Array.isArray(argument) && argument.length > 1
    && argument.every((uri) => uri instanceof vscode.Uri && isModel(uri.path)) && argument.some((uri) => String(uri) === String(given));
}

/** C arrays are made of TensorFlow Lite files: other models are compiled or converted first, as the user chooses. */
async function makeExportable(model: vscode.Uri,
  job: (title: string, method: string, model: vscode.Uri) => Promise<JobResult | undefined>): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showQuickPick([
    { label: "Compile for the NPU, then export", description: "the ethos-u operators and what stays on the CPU", title: "Compiling",
      method: methods.compile },
    { label: "Convert to int8, then export", description: "everything on the CPU", title: "Converting", method: methods.convert },
  ], { title: label(`Export ${basename(model.path)} as a C array`),
    placeHolder: "It must be made a TensorFlow Lite model first" });
  const result = chosen && (await job(chosen.title, chosen.method, model));
  const file = result?.files[0];
  return file === undefined ? undefined : vscode.Uri.parse(file);
}

/** Runs a Python script in a terminal, in its folder: with the Python extension's interpreter where there is that, else with python3. */
async function runScript(script: vscode.Uri): Promise<void> {
  if (!vscode.workspace.isTrusted) return void showWarning("Scripts are run only in a workspace that you trust.");
  await vscode.workspace.textDocuments.find((document) => String(document.uri) === String(script))?.save();
  if ((await vscode.commands.getCommands(true)).includes("python.execInTerminal")) {
    await vscode.commands.executeCommand("python.execInTerminal", script);
    return;
  }
  const python = process.platform === "win32" ? "python" : "python3";
  const terminal = vscode.window.createTerminal({ name: `Python: ${basename(script.path)}`, cwd: vscode.Uri.joinPath(script, "..") });
  terminal.show();
  terminal.sendText(`${python} "${basename(script.fsPath.replaceAll("\\", "/")).replace(/["\\$`]/g, "\\$&")}"`);
}

async function check(client: LanguageClient, model: vscode.Uri | null): Promise<CheckResult | undefined> {
  const title = model === null ? "Checking all models for the NPU" : `Checking ${basename(model.path)} for the NPU`;
  const result = await runJob<CheckResult>(client, title, methods.check, { uri: model?.toString() ?? null });
  if (result === undefined) return undefined;
  const choice = showInformation(result.message, "Show Problems");
  void choice.then((chosen) => chosen && vscode.commands.executeCommand("workbench.actions.view.problems"));
  return result;
}

/** The model that a command is about: the one given, that of the active tab, or one that the user picks. */
async function chooseModel(given: vscode.Uri | string | undefined): Promise<vscode.Uri | undefined> {
  if (typeof given === "string") return vscode.Uri.parse(given);
  if (given instanceof vscode.Uri) return given.scheme === listingScheme ? modelOfListing(given) : given;
  const active = activeModel();
  if (active !== undefined) return active;
  const models = await vscode.workspace.findFiles("**/*.{onnx,pt2,tflite}", "**/node_modules/**", 500);
  if (models.length === 0) {
    void showInformation("There is no .onnx, .pt2 or .tflite file in this workspace.");
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    models.map((uri) => ({ label: label(basename(uri.path)), description: label(vscode.workspace.asRelativePath(uri)), uri })),
    { title: "Model", placeHolder: "Which model?" },
  );
  return picked?.uri;
}
