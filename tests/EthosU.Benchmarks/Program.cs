using EthosU.Benchmarks;
using EthosU.Testing;

string models = Path.Combine(SharedData.Root, "data", "models");
string mobilenet = Path.Combine(models, "mobilenet_v2_224_int8.tflite");
SortedDictionary<string, Action<string[]>> benchmarks = new(StringComparer.Ordinal)
{
    ["compile"] = static names => CompileBenchmark.Run(Console.Out, names),
    ["convert"] = static _ => ConvertBenchmark.Run(Console.Out),
    ["accuracy"] = static names => AccuracyBenchmark.Run(Console.Out, names),
    ["trained"] = static words => TrainedAccuracy.Run(Console.Out, words),
    ["fingerprints"] = static names => FingerprintBenchmark.Run(Console.Out, names),
    ["memory"] = static names => MemoryBenchmark.Run(Console.Out, names),
    ["import"] = static _ => ImportBenchmark.Run(Console.Out),
    ["interpreter"] = names => RuntimeBenchmark.Run(names.Length > 0 ? names[0] : mobilenet, Console.Out),
    ["simulator"] = static _ => SimulatorBenchmark.Run(Console.Out),
    ["server"] = names => LanguageServerBenchmark
        .Run(names.Length > 0 ? names[0]
        : Path.Combine(SharedData.RepositoryRoot, "server", "EthosU.LanguageServer", "bin", "Release", "net10.0",
        "ethosu-language-server.dll"), Console.Out),
    ["limits"] = static names => LimitBenchmark.Run(Console.Out, names),
    ["vela"] = static names => VelaBenchmark.Run(Console.Out, names),
    ["placement"] = static names => PlacementBenchmark.Run(Console.Out, names),
    ["operators"] = names => InterpreterBenchmark.RunByOperator(names.Length > 0 ? names[0] : mobilenet, Console.Out),
};

if (args is [MemoryBenchmark.Child, var alone])
{
    MemoryBenchmark.RunRuntime(Console.Out, alone);
    return 0;
}
string[] wanted = args.Length == 0 ? [] : args[0] == "all" ? [.. benchmarks.Keys] : [args[0]];
if (wanted.Length == 0 || wanted.Any(name => !benchmarks.ContainsKey(name)))
{
    Console.Error.WriteLine($"usage: npm run bench -- NAME [MODEL]\nNAME is one of: all, {string.Join(", ", benchmarks.Keys)}");
    return 2;
}
foreach (string name in wanted)
    benchmarks[name](args[1..]);
return 0;
