using System.CommandLine;
using System.Globalization;
using EthosU.Fuzz.Campaign;
using EthosU.Fuzz.Kinds;

Option<string[]> kinds =
    new("--kind") { Description =
    $"What to change: {string.Join(", ", FuzzKind.All.Select(static kind => kind.Name))}. May be repeated; default: all.",
    AllowMultipleArgumentsPerToken = true };
Option<int?> seed = new("--seed") { Description = "The campaign's seed: the same mutants again. Default: a new one." };
Option<double?> minutes = new("--minutes") { Description = "How long, over all kinds. Default: until --count, or 10 minutes." };
Option<int?> count = new("--count") { Description = "How many mutants of each kind." };
Option<int> jobs = new("--jobs") { Description = "How many processes.", DefaultValueFactory = static _ => Environment.ProcessorCount };
Option<string> folder = new("--out") { Description = "Where failing files go.", DefaultValueFactory = static _ => "out/fuzz" };
Option<string?> file = new("--file") { Description = "Run this file alone, once, in this process." };
Option<int> number = new("--number") { Description = "For --file: the mutant whose random choices are repeated." };
Option<string?> log = new("--log") { Description = "Write the summary into this file too." };
Option<bool> child = new("--child") { Hidden = true };
RootCommand root =
    new("Runs the program on changed files; whatever it does must be documented, quick, bounded and the same in the simulator.") { kinds,
    seed, minutes, count, jobs, folder, file, number, log, child };
root.SetAction(result =>
{
    string[] names = result.GetValue(kinds) is { Length: > 0 } given ? given : [.. FuzzKind.All.Select(static kind => kind.Name)];
    FuzzKind[] chosen = [.. FuzzKind.All.Where(kind => names.Contains(kind.Name, StringComparer.Ordinal))];
    if (chosen.Length != names.Length)
    {
        Console.Error.WriteLine($"error: there are these kinds: {string.Join(", ", FuzzKind.All.Select(static kind => kind.Name))}");
        return 2;
    }
    int campaign = result.GetValue(seed) ?? Random.Shared.Next(1_000_000);
    if (result.GetValue(child))
        return ChildLoop.Run(chosen[0], campaign);
    if (result.GetValue(file) is { } path)
    {
        string inner = Directory.CreateTempSubdirectory("ethosu-fuzz-").FullName;
        string? fault = chosen[0].Run(File.ReadAllBytes(path), inner, new Random(result.GetValue(number)));
        Directory.Delete(inner, recursive: true);
        Console.WriteLine(fault ?? "nothing is wrong");
        return fault is null ? 0 : 1;
    }
    double? total = result.GetValue(minutes) ?? (result.GetValue(count) is null ? 10 : null);
    int failed = 0;
    foreach (FuzzKind kind in chosen)
        failed += new Run(kind, campaign, result.GetRequiredValue(folder), Console.Out)
            .Execute(result.GetValue(jobs), result.GetValue(count), total is { } time ? TimeSpan.FromMinutes(time / chosen.Length)
            : null) > 0 ? 1 : 0;
    string summary = string.Create(CultureInfo.InvariantCulture, $"{chosen.Length - failed} passed, {failed} failed");
    Console.WriteLine(summary);
    if (result.GetValue(log) is { } summaryFile)
        File.WriteAllText(summaryFile, summary + "\n");
    return failed == 0 ? 0 : 1;
});
return root.Parse(args).Invoke();
