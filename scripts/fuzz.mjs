// npm run fuzz -- --minutes 10 --seed N --kind onnx: builds the fuzzer and runs it; --help lists its options.
import { build, run } from "./run.mjs";

build("tests/EthosU.Fuzz/EthosU.Fuzz.csproj");
process.exit(run("dotnet", ["tests/EthosU.Fuzz/bin/Release/net10.0/EthosU.Fuzz.dll", ...process.argv.slice(2)]));
