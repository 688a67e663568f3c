// Runs TensorFlow Lite models in LiteRT's WebAssembly runtime, one request after the other, for the tests that are written in C#.
// A request is a line of JSON on standard input: { model: path, runs: [[input in base64, ...], ...] }.
// The answer is a line of JSON on standard output: { inputs, outputs, runs: [[output in base64, ...], ...], milliseconds: [of each run] }
// or
// { error }, where inputs and outputs are lists of { name, type, shape } with LiteRT's numbers of element types.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

// The package's own interface refuses int8, so the module that it wraps is loaded. That is CommonJS inside an ES package: its text is
// evaluated.
const file = createRequire(import.meta.url).resolve("@litertjs/core/wasm/litert_wasm_compat_internal.js");
const log = [];
const keep = (text) => log.push(String(text));
console.log = console.warn = console.error = keep;
const holder = { exports: {} };
new Function("module", "exports", "require", "__filename", "__dirname", readFileSync(file, "utf8"))(
  holder, holder.exports, createRequire(file), file, dirname(file));
const wasm = await holder.exports({ print: keep, printErr: keep, wasmBinary: readFileSync(file.replace(/js$/, "wasm")) });
wasm.setupLogging();
const environment = wasm.LiteRtEnvironment.create(null);

const list = (vector) => Array.from({ length: vector.size() }, (_, i) => vector.get(i));

/** Throws if the runtime complained, even where its call returned. */
function check() {
  const errors = log.filter((line) => line.startsWith("ERROR:"));
  if (errors.length > 0) throw new Error(errors.join("\n"));
}

async function answer({ model: path, runs }) {
  const bytes = readFileSync(path);
  const at = wasm._malloc(bytes.length);
  wasm.HEAPU8.set(bytes, at);
  const made = [];
  const own = (object) => (made.push(object), object);
  try {
    const model = own(wasm.loadModel(environment, at, bytes.length));
    check();
    const compiled = own(await wasm.compileModel(environment, model, { accelerator: "wasm" }));
    check();
    const signature = own(model.getSignature(0));
    const inputs = list(signature.inputNames()).map((name, i) => ({ name, type: own(fixed(model.getInputTensorType(0, i))) }));
    const outputs = list(signature.outputNames()).map((name, i) => ({ name, type: own(fixed(model.getOutputTensorType(0, i))) }));
    const results = [];
    const milliseconds = [];
    for (const run of runs) {
      if (run.length !== inputs.length) throw new Error(`the model has ${inputs.length} inputs, ${run.length} are given`);
      const buffers = run.map((text, i) => own(inputBuffer(inputs[i], Buffer.from(text, "base64"))));
      const start = performance.now();
      const values = await compiled.run(0, buffers);
      milliseconds.push(performance.now() - start);
      values.forEach(own);
      check();
      results.push(values.map((value, i) => outputBytes(outputs[i], value).toString("base64")));
    }
    return { inputs: inputs.map(describe), outputs: outputs.map(describe), runs: results, milliseconds };
  } finally {
    for (const object of made.reverse()) object.delete();
    wasm._free(at);
  }
}

/** A type whose unknown sizes (a batch of any size) are 1. */
function fixed(type) {
  const sizes = list(type.layout().dimensions());
  if (sizes.every((size) => size >= 0)) return type;
  const vector = new wasm.VectorInt32();
  sizes.forEach((size) => vector.push_back(Math.max(size, 1)));
  return wasm.LiteRtRankedTensorType.create(type.elementType(), wasm.LiteRtLayout.create(vector));
}

function describe({ name, type }) {
  return { name, type: type.elementType().value, shape: list(type.layout().dimensions()) };
}

function inputBuffer({ name, type }, data) {
  if (data.length !== type.bytes()) throw new Error(`input '${name}' takes ${type.bytes()} bytes, ${data.length} are given`);
  const buffer = wasm.LiteRtTensorBuffer.createManaged(environment, wasm.LiteRtTensorBufferType.HOST_MEMORY, type, data.length);
  wasm.HEAPU8.set(data, buffer.lock(wasm.LiteRtTensorBufferLockMode.WRITE));
  buffer.unlock();
  return buffer;
}

function outputBytes({ name, type }, buffer) {
  if (buffer.packedSize() !== type
    .bytes()) throw new Error(`output '${name}' should take ${type.bytes()} bytes, it takes ${buffer.packedSize()}`);
  const at = buffer.lock(wasm.LiteRtTensorBufferLockMode.READ);
  const data = Buffer.from(wasm.HEAPU8.slice(at, at + buffer.packedSize()));
  buffer.unlock();
  return data;
}

for await (const line of createInterface({ input: process.stdin })) {
  log.length = 0;
  let reply;
  try {
    reply = await answer(JSON.parse(line));
  } catch (error) {
    const message = typeof error === "number" && wasm.getExceptionMessage ? wasm.getExceptionMessage(error).join(": ")
      : String(error?.message ?? error);
    reply = { error: [message, ...log].join("\n") };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
