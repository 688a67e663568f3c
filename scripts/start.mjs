// npm start: builds the engine and runs the main job on the sample network.
import { mkdirSync, readFileSync } from "node:fs";
import { build, ethosu, must } from "./run.mjs";

const model = "samples/digits/simple_network.onnx";

build("server/EthosU.Cli/EthosU.Cli.csproj");
mkdirSync(new URL("../out/", import.meta.url), { recursive: true });

const quantized = "out/digits.tflite";
const show = (title, ...args) => {
  console.log(`\n> ${title}`);
  must("dotnet", [ethosu, ...args]);
};
show("ethosu convert: int8, calibrated on 100 digits", "convert", model, "-o", quantized,
  "--calibration", "samples/digits/calibration.npz", "--report", "out/convert.json");
show("ethosu inspect: what came out", "inspect", quantized);
show("ethosu accuracy: is it still right, on 1,000 other digits?", "accuracy", model, quantized,
  "--data", "samples/digits/test.npz", "--scale", "1/255", "--report", "out/accuracy.json");
show("ethosu compile: for the Ethos-U55-128", "compile", quantized, "--target", "ethos-u55-128",
  "-o", "out/digits_npu.tflite", "--report", "out/compile.json");
show("ethosu run: 16 digits through the quantized model", "run", quantized, "--input", "samples/digits/images.npy", "--samples", "-o",
  "out/quantized");
show("ethosu run: the same digits through the compiled model, on a simulated NPU", "run", "out/digits_npu.tflite",
  "--input", "samples/digits/images.npy", "--samples", "-o", "out/npu");
const same = readFileSync("out/quantized_0.npy").equals(readFileSync("out/npu_0.npy"));
console.log(same ? "The outputs of both are equal, byte for byte." : "The outputs of the two differ. Please report this.");
if (!same) process.exit(1);
console.log("\nThe models and the reports are in out/.");
