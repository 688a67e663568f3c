// npm start: builds the engine and runs the main job on the sample network.
import { mkdirSync } from "node:fs";
import { build, ethosu, must } from "./run.mjs";

const model = "samples/digits/simple_network.onnx";

build("server/EthosU.Cli/EthosU.Cli.csproj");
mkdirSync(new URL("../out/", import.meta.url), { recursive: true });

console.log("\n> ethosu convert: int8, calibrated on 100 digits");
must("dotnet", [ethosu, "convert", model, "-o", "out/simple_network.tflite",
  "--calibration", "samples/digits/calibration.npz", "--report", "out/simple_network.json"]);
console.log("\n> ethosu inspect: what came out");
must("dotnet", [ethosu, "inspect", "out/simple_network.tflite"]);
