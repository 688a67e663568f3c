import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { registerCommands } from "../../client/src/commands";
import { registerTarget } from "../../client/src/target";
import { record, statusItem, TabInputCustom, Uri, window, workspace } from "./support/vscode";

vi.mock("vscode-languageclient/node", () => ({ WorkDoneProgress: { type: {} } }));

const requests: [method: string, params: Record<string, unknown>][] = [];
let answers: Record<string, unknown> = {};
const client = {
  outputChannel: { show: () => record.executed.push(["output"]) },
  onProgress: () => ({ dispose: () => undefined }),
  onNotification: () => ({ dispose: () => undefined }),
  error: (message: string) => record.errors.push(message),
  sendRequest: async (method: string, params: Record<string, unknown>) => {
    requests.push([method, params]);
    const answer = answers[method];
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer(params) : answer;
  },
};
const shown: unknown[][] = [];
const reports = { showReport: (model: Uri) => shown.push(["report", model.path]),
  showComparison: (model: Uri) => shown.push(["compare", model.path]) };
const graphs = { show: (model: Uri, node?: string) => shown.push(["graph", model.path, node]) };
const model = Uri.parse("file:///w/net.onnx");
const targets = [{ id: "ethos-u55-128", title: "U55", detail: "" }, { id: "ethos-u65-256", title: "U65", detail: "" }];

function run(command: string, ...args: unknown[]): unknown {
  return record.commands.get(command)?.(...args);
}

beforeEach(() => {
  record.reset();
  requests.length = shown.length = 0;
  answers = { "ethosu/targets": { targets, current: "ethos-u55-128" } };
  const context = { subscriptions: [] };
  registerCommands(context as never, client as never, reports as never, graphs as never);
  registerTarget(context as never, client as never, (() => ({ dispose: () => undefined })) as never);
  requests.length = 0;
});

describe("commands", () => {
  it("are all those of the manifest", () => {
    const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect([...record.commands.keys()].sort())
      .toEqual(manifest.contributes.commands.map((command: { command: string }) => command.command).sort());
  });

  it("work on all models that are selected", async () => {
    answers["ethosu/check"] = { message: "done" };
    const other = Uri.parse("file:///w/other.onnx");
    await run("ethosu.check", model, [model, other]);
    expect(requests.map(([, params]) => (params as { uri: string }).uri)).toEqual(["file:///w/net.onnx", "file:///w/other.onnx"]);
    requests.length = 0;
    // Other files of the selection are no models: the one that was clicked is meant.
    await run("ethosu.check", model, [model, Uri.parse("file:///w/net.py")]);
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["ethosu.convert", "ethosu/convert", "file:///w/net.onnx"], ["ethosu.compile", "ethosu/compile", "file:///w/net.onnx"],
      ["ethosu.check", "ethosu/check", "file:///w/net.onnx"],
  ])("%s asks the server for %s", async (command, method, uri) => {
    answers[method] = { files: ["file:///w/net.tflite"], message: "done" };
    await run(command, model);
    expect(requests)
      .toEqual([[method,
      { uri, ...(method === "ethosu/check" ? {} : { overwrite: false }), workDoneToken: expect.stringMatching(/^ethosu-\d+$/) }]]);
    expect(record.messages).toEqual(["done"]);
  });

  it.each([["Replace", [false, true], ["Replace net.tflite?", "done"]], [undefined, [false], ["Replace net.tflite?"]]])(
    "convert asks before it replaces what was not made here; the answer is %s", async (answer, overwrites, messages) => {
      record.answer = answer;
      answers["ethosu/convert"] = (params: Record<string, unknown>) =>
        params["overwrite"] === true ? { files: [], message: "done" } : { files: [], message: "", question: "Replace net.tflite?" };
      await run("ethosu.convert", model);
      expect(requests.map(([, params]) => params["overwrite"])).toEqual(overwrites);
      expect(record.messages).toEqual(messages);
    });

  it("ask for the sizes that a model leaves open, write them down and go on", async () => {
    const refused = Object.assign(new Error("Axis 2 of input 'image' has no fixed size"), { data: { openSizes: ["height", "image:3"] } });
    answers["ethosu/convert"] = () => {
      if (record.files.get("/w/ethosu.json")?.includes("\"image:3\": 64") === true) return { files: [], message: "done" };
      throw refused;
    };
    record.files.set("/w/ethosu.json", "{\n  // ours\n  \"target\": \"ethos-u55-64\"\n}\n");
    record.inputs = ["96", "64"];
    await run("ethosu.convert", Uri.parse("file:///w/sub/net.onnx"));
    const written = record.files.get("/w/ethosu.json") ?? "";
    expect(written).toContain("// ours");
    expect(JSON.parse(written.replace("// ours", "")))
      .toEqual({ target: "ethos-u55-64", models: { "net.onnx": { dims: { height: 96, "image:3": 64 } } } });
    expect(record.messages.at(-1)).toBe("done");
    expect(record.errors).toEqual([]);
  });

  it.each([[["96"]], [["0", "64"]], [["many", "64"]], [[]]])("leave everything as it is where the sizes are answered with %j",
    async (inputs) => {
    answers["ethosu/compile"] = Object.assign(new Error("open"), { data: { openSizes: ["height", "width"] } });
    record.inputs = inputs;
    await run("ethosu.compile", model);
    expect(record.files.size).toBe(0);
    expect(requests).toHaveLength(1);
    expect(record.errors).toEqual([]);
  });

  it("show no text of a model's as a link", async () => {
    const link = "conv [click here](command:workbench.action.terminal.sendSequence?%7B%7D) $(bug)\u001b[2J";
    answers["ethosu/convert"] = { files: [], message: link };
    await run("ethosu.convert", model);
    answers["ethosu/convert"] = new Error(link);
    await run("ethosu.convert", model);
    for (const text of [...record.messages, ...record.errors]) {
      expect(text).toContain("click here");
      expect(text).not.toMatch(/\]\(|\u001b/);
    }
    expect(record.messages.length + record.errors.length).toBe(2);
  });

  it("compile opens the report; a failed one does not", async () => {
    answers["ethosu/compile"] = { files: [], message: "done" };
    await run("ethosu.compile", model);
    expect(shown).toEqual([["report", "/w/net.onnx"]]);
    answers["ethosu/compile"] = new Error("it cannot be compiled");
    await run("ethosu.compile", model);
    expect(shown).toHaveLength(1);
    expect(record.errors).toEqual(["it cannot be compiled"]);
  });

  it("take the model of a listing, of the tab that is open, or the one that is picked", async () => {
    await run("ethosu.showReport", Uri.parse("ethosu-listing:///w/a.onnx.listing"));
    await run("ethosu.compareTargets", "file:///w/b%20c.onnx");
    window.tabGroups.activeTabGroup.activeTab = { input: new TabInputCustom(model, "ethosu.graph") };
    await run("ethosu.showGraph");
    window.tabGroups.activeTabGroup.activeTab = undefined;
    record.files.set("/w/d.tflite", "").set("/w/e.py", "");
    record.choose = "d.tflite";
    await run("ethosu.showGraph", undefined, "n3");
    expect(shown).toEqual(
      [["report", "/w/a.onnx"], ["compare", "/w/b c.onnx"], ["graph", "/w/net.onnx", undefined], ["graph", "/w/d.tflite", "n3"]]);
  });

  it("say so where there is no model", async () => {
    await run("ethosu.convert");
    expect(record.messages[0]).toContain("no .onnx, .pt2 or .tflite file");
    expect(requests).toEqual([]);
  });

  it("export an ONNX model as a C array after it was compiled, and a TensorFlow Lite model at once", async () => {
    answers["ethosu/compile"] = { files: ["file:///w/net_npu.tflite"], message: "compiled" };
    answers["ethosu/exportC"] = { files: ["file:///w/net_npu_data.h"], message: "exported" };
    record.choose = "Compile for the NPU, then export";
    await run("ethosu.exportC", model);
    await run("ethosu.exportC", Uri.parse("file:///w/other.tflite"));
    expect(requests.map(([method, params]) => [method, params["uri"]])).toEqual([
      ["ethosu/compile", "file:///w/net.onnx"], ["ethosu/exportC", "file:///w/net_npu.tflite"],
        ["ethosu/exportC", "file:///w/other.tflite"]]);
    record.choose = undefined;
    requests.length = 0;
    await run("ethosu.exportC", model);
    expect(requests).toEqual([]);
  });

  it.each([["one line", "one line"], ["/w/sub/net.onnx is damaged", "sub/net.onnx is damaged"],
    ["first\nsecond\nthird", "first (and 2 more)"]])("tell an error of %j as %j", async (message, told) => {
    answers["ethosu/convert"] = new Error(message);
    await run("ethosu.convert", model);
    expect(record.errors).toEqual([told]);
  });
});

describe("the target", () => {
  it("is written into the settings of the workspace, or of the user where no folder is open", async () => {
    record.choose = "ethos-u65-256";
    await run("ethosu.selectTarget");
    const folders = workspace.workspaceFolders;
    workspace.workspaceFolders = undefined;
    await run("ethosu.selectTarget", "ethos-u55-128");
    workspace.workspaceFolders = folders;
    expect(record.settings).toEqual([["target", "ethos-u65-256", 2], ["target", "ethos-u55-128", 1]]);
  });

  it("is written into ethosu.json where that decides it", async () => {
    record.files.set("/w/ethosu.json", "{ \"target\": \"ethos-u55-128\" }");
    answers["ethosu/targets"] = { targets, current: "ethos-u55-128", decidedBy: "file:///w/ethosu.json" };
    await run("ethosu.selectTarget", "ethos-u65-256");
    expect(record.files.get("/w/ethosu.json")).toBe("{ \"target\": \"ethos-u65-256\" }");
    expect(record.settings).toEqual([]);
    expect(record.messages[0]).toContain("w/ethosu.json");
  });

  it("of the model that is open stands in the status bar", async () => {
    await vi.waitFor(() => expect(statusItem.text).toBe("$(circuit-board) ethos-u55-128"));
    window.tabGroups.activeTabGroup.activeTab = { input: new TabInputCustom(model, "ethosu.graph") };
    await run("ethosu.selectTarget", "ethos-u65-256");
    expect(requests[0]).toEqual(["ethosu/targets", { uri: "file:///w/net.onnx" }]);
  });

  it("is marked in the picker, where Enter alone changes nothing", async () => {
    answers["ethosu/targets"] = { targets, current: "ethos-u65-256" };
    record.choose = "Enter";
    await run("ethosu.selectTarget");
    expect(record.marked).toBe("ethos-u65-256");
    expect(record.settings).toEqual([]);
  });

  it("stays as it is where nothing is picked", async () => {
    await run("ethosu.selectTarget");
    expect(record.settings).toEqual([]);
  });
});
