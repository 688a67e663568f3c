import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openNetwork, refusedNetwork, residualNetwork } from "./onnx";

const samples = fileURLToPath(new URL("../../../samples", import.meta.url));

/** Makes the workspace that the tests work in: the samples, and models that are large, slow and damaged. */
export function makeWorkspace(folder: string): void {
  mkdirSync(join(folder, "digits"), { recursive: true });
  for (const name of ["detector.onnx", "detector.py"]) cpSync(join(samples, "detector", name), join(folder, name));
  for (const name of ["simple_network.onnx", "calibration.npz"]) cpSync(join(samples, "digits", name), join(folder, "digits", name));
  writeFileSync(join(folder, "digits", "ethosu.json"), `${JSON.stringify({ calibration: { data: "calibration.npz" } }, null, 2)}\n`);
  mkdirSync(join(folder, "u65"));
  writeFileSync(join(folder, "u65", "ethosu.json"), `${JSON.stringify({ memoryMode: "Dedicated_Sram" }, null, 2)}\n`);
  writeFileSync(join(folder, "u65", "residual.onnx"), residualNetwork({ blocks: 2, channels: 8, size: 16 }));
  writeFileSync(join(folder, "large.onnx"), residualNetwork({ blocks: 500, channels: 4, size: 16 }));
  writeFileSync(join(folder, "slow.onnx"), residualNetwork({ blocks: 24, channels: 32, size: 64 }));
  makeFilesFolder(join(folder, "files"));
  writeFileSync(join(folder, "truncated.onnx"), readFileSync(join(samples, "detector", "detector.onnx")).subarray(0, 40_000));
}

/** A folder of files with something about them: open sizes, results that the user made himself, links, and names that are no plain text. */
function makeFilesFolder(folder: string): void {
  mkdirSync(join(folder, "elsewhere"), { recursive: true });
  const small = residualNetwork({ blocks: 1, channels: 4, size: 8 });
  writeFileSync(join(folder, "open.onnx"), openNetwork());
  writeFileSync(join(folder, "taken.onnx"), small);
  writeFileSync(join(folder, "taken.tflite"), "the user's own");
  writeFileSync(join(folder, "linked.onnx"), small);
  writeFileSync(join(folder, "elsewhere", "target.tflite"), "what the link leads to");
  symlinkSync(join("elsewhere", "target.tflite"), join(folder, "linked.tflite"));
  writeFileSync(join(folder, "named.onnx"), refusedNetwork("[Repair](command:workbench.action.toggleZenMode)"));
}
