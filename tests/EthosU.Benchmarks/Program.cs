using System.Reflection;

// Every class whose name ends with Benchmark and that has a static Run is a benchmark: AccuracyBenchmark is called accuracy.
const string suffix = "Benchmark";
SortedDictionary<string, MethodInfo> benchmarks = new(StringComparer.Ordinal);
foreach (Type type in Assembly.GetExecutingAssembly().GetTypes())
    if (type.Name.EndsWith(suffix, StringComparison.Ordinal) && type.GetMethod("Run", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic) is { } run)
        benchmarks[type.Name[..^suffix.Length].ToLowerInvariant()] = run;

string[] wanted = args.Length == 0 ? [] : args[0] == "all" ? [.. benchmarks.Keys] : [args[0]];
if (wanted.Length == 0 || wanted.Any(name => !benchmarks.ContainsKey(name)))
{
    Console.Error.WriteLine($"usage: npm run bench -- NAME [ARGUMENT ...]\nNAME is one of: all, {string.Join(", ", benchmarks.Keys)}");
    return 2;
}
foreach (string name in wanted)
{
    MethodInfo run = benchmarks[name];
    object? result = run.Invoke(null, run.GetParameters().Length == 0 ? null : [args[1..]]);
    if (result is Task task)
        await task;
    int code = result switch { int number => number, Task<int> numbered => await numbered, _ => 0 };
    if (code != 0)
        return code;
}
return 0;
