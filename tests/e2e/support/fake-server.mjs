#!/usr/bin/env node
// A language server for tests of the pages alone: it answers from canned data, chosen by the model's file name.
// large: 2,000 operators. slow: jobs that end only when cancelled. corrupt: every request fails.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

let pending = Buffer.alloc(0);
let target = "ethos-u55-128";
let folder = "";
const cancelled = new Set();
const open = new Map();

process.stdin.on("data", (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  for (;;) {
    const end = pending.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: *(\d+)/i.exec(pending.subarray(0, end).toString())?.[1]);
    if (pending.length < end + 4 + length) return;
    const message = JSON.parse(pending.subarray(end + 4, end + 4 + length).toString());
    pending = pending.subarray(end + 4 + length);
    void receive(message);
  }
});
process.stdin.on("end", () => process.exit(1));

function write(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  process.stdout.write(`Content-Length: ${body.length}\r\n\r\n`);
  process.stdout.write(body);
}

async function receive({ id, method, params }) {
  if (method === undefined) return;
  if (id === undefined) return notified(method, params);
  try {
    const result = await answer(method, params ?? {}, id);
    write({ id, result: result ?? null });
  } catch (error) {
    write({ id, error: { code: error.code ?? -32803, message: error.message } });
  }
}

function notified(method, params) {
  if (method === "exit") process.exit(0);
  if (method === "$/cancelRequest") cancelled.add(params.id);
  if (method === "initialized") publish();
  if (method === "workspace/didChangeConfiguration") {
    target = params.settings.target;
    publish();
    write({ method: "ethosu/modelChanged", params: { uri: `${folder}/detector.onnx` } });
  }
  if (method === "textDocument/didOpen") open.set(params.textDocument.uri, params.textDocument.text);
}

async function answer(method, params, id) {
  const name = decodeURIComponent(params.uri ?? "").split("/").pop() ?? "";
  if (name.startsWith("corrupt")) throw new Error("corrupt.onnx is damaged: the field 'graph' at byte 12 is longer than the file.");
  switch (method) {
    case "initialize":
      target = params.initializationOptions.settings.target;
      folder = params.workspaceFolders[0].uri;
      return { capabilities: { textDocumentSync: { openClose: true, change: 1 }, codeLensProvider: {} }, serverInfo: { name: "fake" } };
    case "ethosu/targets":
      return { current: target, targets: ["ethos-u55-128", "ethos-u65-256"].map((t) => ({ id: t, title: t, detail: `${t.slice(10)} MACs per cycle` })) };
    case "ethosu/graph":
      return name.startsWith("large") ? largeGraph(params.uri) : params.inside ? insideGraph(params.uri) : detectorGraph(params.uri);
    case "ethosu/node":
      return details(params.id);
    case "ethosu/listing":
      return { text: listing().join("\n") };
    case "ethosu/report":
      return report(params.uri);
    case "ethosu/compare":
      return comparison(params.uri);
    case "ethosu/check":
      return { models: 1, message: "1 model checked: 4 of 9 operators run on the CPU." };
    case "ethosu/convert":
    case "ethosu/compile":
      return job(name, params, id);
    case "textDocument/codeLens":
      return [];
    default:
      return null;
  }
}

async function job(name, { uri, workDoneToken }, id) {
  const progress = (value) => write({ method: "$/progress", params: { token: workDoneToken, value } });
  progress({ kind: "begin", title: "Converting" });
  for (let step = 0; name.startsWith("slow") ? true : step < 2; step++) {
    progress({ kind: "report", message: `Calibrating: sample ${step + 1}`, percentage: Math.min(99, step) });
    await new Promise((done) => setTimeout(done, 50));
    if (cancelled.has(id)) throw Object.assign(new Error("cancelled"), { code: -32800 });
  }
  progress({ kind: "end" });
  const file = uri.replace(/\.[^.]+$/, ".tflite");
  writeFileSync(fileURLToPath(file), "TFL3");
  return { files: [file], message: `${file.split("/").pop()}: 41 KB, 98.9 % of the answers as before.` };
}

const operators = [
  ["CONV_2D", "features.0", [1, 80, 80, 16], "npu", 210400], ["CONV_2D", "features.2", [1, 40, 40, 32], "npu", 184200],
  ["LOGISTIC", "head.elu", [1, 40, 40, 32], "cpu", 92000, "warning"], ["FULLY_CONNECTED", "head.classes", [1, 1600, 10], "npu", 61000],
  ["LOG_SOFTMAX", "head.scores", [1, 1600, 10], "cpu", 74100, "warning"], ["TOPK_V2", "head.best", [1, 10], "cpu", 51000, "warning"],
  ["CUMSUM", "head.order", [1, 10], "cpu", 800, "warning"],
];

function detectorGraph(uri) {
  const nodes = [{ id: "in", kind: "input", label: "image", name: "image", detail: "int8 [1, 80, 80, 3]", measures: {}, group: [], opens: false }];
  operators.forEach(([label, name, shape, placement, cycles, severity], i) => nodes.push({
    id: `n${i}`, kind: i === 0 ? "npu" : "operator", label, name, detail: `int8 [${shape.join(", ")}]`, placement, ...(severity ? { severity } : {}),
    measures: { cycles, memory: shape.reduce((a, b) => a * b) }, group: [name.split(".")[0]], opens: i === 0,
  }));
  const edges = nodes.slice(1).map((node, i) => ({ from: nodes[i].id, to: node.id, label: node.detail }));
  edges.push({ from: "n1", to: "n3", label: "int8 [1, 40, 40, 32]" });
  return { title: "detector", uri, summary: `${operators.length} operators, 68 % of the cycles on the NPU (${target})`, nodes, edges, measures: [{ id: "cycles", title: "Cycles", unit: "" }, { id: "memory", title: "Memory", unit: "bytes" }] };
}

function insideGraph(uri) {
  const nodes = ["NPU_OP_DMA_START", "NPU_OP_CONV", "NPU_OP_POOL"].map((label, i) => ({ id: `i${i}`, kind: "operator", label, name: `step ${i}`, detail: "", placement: "npu", measures: { cycles: 100 * (i + 1) }, group: [], opens: false }));
  return { title: "inside", uri, summary: "3 operations inside features.0", nodes, edges: [{ from: "i0", to: "i1", label: "" }, { from: "i1", to: "i2", label: "" }], measures: [{ id: "cycles", title: "Cycles", unit: "" }] };
}

/** Residual blocks of five operators: a chain with a branch each, 2,000 operators in all. */
function largeGraph(uri) {
  const nodes = [];
  const edges = [];
  for (let i = 0; i < 2000; i++) {
    const block = Math.floor(i / 5);
    const label = ["CONV_2D", "DEPTHWISE_CONV_2D", "CONV_2D", "HARD_SWISH", "ADD"][i % 5];
    nodes.push({ id: `n${i}`, kind: "operator", label, name: `stage${Math.floor(block / 50)}.block${block}.op${i % 5}`, detail: "int8 [1, 28, 28, 64]",
      placement: i % 7 === 0 ? "cpu" : "npu", measures: { cycles: (i * 7919) % 5000 }, group: [`stage${Math.floor(block / 50)}`, `block${block}`], opens: false });
    if (i > 0) edges.push({ from: `n${i - 1}`, to: `n${i}`, label: "int8 [1, 28, 28, 64]" });
    if (i % 5 === 4 && i > 5) edges.push({ from: `n${i - 5}`, to: `n${i}`, label: "int8 [1, 28, 28, 64]" });
  }
  return { title: "large", uri, summary: "2,000 operators", nodes, edges, measures: [{ id: "cycles", title: "Cycles", unit: "" }] };
}

function details(id) {
  const index = Number(id.slice(1));
  const [label, name, shape, placement, cycles, severity] = operators[index] ?? ["CONV_2D", id, [1, 28, 28, 64], "npu", 100];
  return {
    id, title: `${label} ${name}`, listingLine: index + 1, source: { uri: `${folder}/detector.py`, line: 29, label: "detector.py:30" },
    sections: [
      { title: "Placement", rows: [["Runs on", placement.toUpperCase()], ["Cycles", cycles.toLocaleString("en")]] },
      { title: "Attributes", rows: [["Stride", "2, 2"], ["Padding", "SAME"], ["Activation", "RELU6"]] },
      { title: "Output", rows: [["Shape", `[${shape.join(", ")}]`], ["Type", "int8"], ["Scale", "0.0235"], ["Zero point", "-128"]] },
    ],
    findings: severity ? [finding(label)] : [],
    ...(label === "CONV_2D" ? { histogram: { title: "Weights", min: -127, max: 127, counts: Array.from({ length: 40 }, (_, i) => Math.round(1000 * Math.exp(-(((i - 20) / 7) ** 2)))) } } : {}),
  };
}

function finding(operator) {
  return { rule: "npu-unsupported", severity: "warning", reason: `${operator} does not run on the NPU.`, advice: "Move it behind the network, into the application.", help: "https://example.com/rules/npu-unsupported" };
}

function listing() {
  return ["input %image: int8[1,80,80,3]", ...operators.map(([label, name, shape], i) => `%${i} = ${label}(%${i - 1}): int8[${shape.join(",")}]  # ${name}`)];
}

function publish() {
  const model = `${folder}/detector.onnx`;
  const diagnostics = operators.flatMap(([label, , , , , severity], i) => severity === undefined ? [] : [{
    range: { start: { line: i + 1, character: 0 }, end: { line: i + 1, character: 20 } }, severity: 2, source: "Ethos-U", code: "npu-unsupported",
    message: `${label} does not run on the ${target}. Move it behind the network.` }]);
  write({ method: "textDocument/publishDiagnostics", params: { uri: `${model.replace("file:", "ethosu-listing:")}.listing`, diagnostics } });
}

function report(uri) {
  return {
    title: "detector.onnx", uri, target: `${target}, Ethos_U55_High_End_Embedded at 500 MHz, Shared_Sram`,
    summary: [{ label: "On the NPU", value: "3 of 7 operators" }, { label: "Cycles", value: "673,500" }, { label: "Inference", value: "1.35 ms", hint: "at 500 MHz" },
      { label: "Arena", value: "312 KiB" }, { label: "Flash", value: "41 KiB" }],
    table: { columns: [{ title: "Operator", numeric: false }, { title: "Name", numeric: false }, { title: "On", numeric: false }, { title: "Cycles", numeric: true }],
      rows: operators.map(([label, name, , placement, cycles], i) => ({ node: `n${i}`, cells: [label, name, placement.toUpperCase(), cycles] })) },
    memory: { size: 320000, steps: 7, tensors: operators.map(([, name, shape], i) => ({ name, offset: i % 2 === 0 ? 0 : 110000, size: shape.reduce((a, b) => a * b), first: i, last: i + 1 })) },
    cycles: operators.map(([label, name, , , cycles], i) => ({ label: `${label} ${name}`, value: cycles, node: `n${i}` })).sort((a, b) => b.value - a.value),
    accuracy: [{ label: "Same answers", value: "98.9 %" }], findings: [finding("TOPK_V2")],
  };
}

function comparison(uri) {
  return { title: "detector.onnx", uri, columns: ["ethos-u55-128", "ethos-u55-256", "ethos-u65-512"],
    rows: [{ label: "Cycles", cells: ["673,500", "402,100", "199,000"] }, { label: "Inference", cells: ["1.35 ms", "0.80 ms", "0.20 ms"] }, { label: "Arena", cells: ["312 KiB", "312 KiB", "330 KiB"] }] };
}
