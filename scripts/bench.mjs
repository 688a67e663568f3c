// npm run bench -- NAME: builds and runs a benchmark; without a name, lists them.
import { build, run } from "./run.mjs";

build("tests/EthosU.Benchmarks/EthosU.Benchmarks.csproj");
process.exit(run("dotnet", ["tests/EthosU.Benchmarks/bin/Release/net10.0/EthosU.Benchmarks.dll", ...process.argv.slice(2)]));
