using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EthosU.Fuzz.Kinds;

namespace EthosU.Fuzz.Campaign;

/// <summary>
/// A campaign on one kind: children run mutants side by side until the time or the number is reached; what fails is saved, small.
/// </summary>
internal sealed class Run(FuzzKind kind, int seed, string folder, TextWriter output)
{
    private const int MostSaved = 40;
    private static readonly TimeSpan TimeToReduce = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, (int Count, int First)> faults = new(StringComparer.Ordinal);
    private int next;

    /// <summary>Runs; returns how many mutants failed.</summary>
    public int Execute(int jobs, int? count, TimeSpan? time)
    {
        if (kind.SeedCount == 0)
        {
            output.WriteLine($"{kind.Name}: no seeds here, nothing was run");
            return 0;
        }
        Stopwatch watch = Stopwatch.StartNew();
        Parallel.For(0, jobs, new ParallelOptions { MaxDegreeOfParallelism = jobs }, _ =>
        {
            using Child child = new(kind, seed);
            while (true)
            {
                int number = Interlocked.Increment(ref next) - 1;
                if (number >= count || watch.Elapsed >= time)
                    return;
                if (child.Run(number) is { } fault)
                    faults.AddOrUpdate(fault, (1, number), (_, old) => (old.Count + 1, Math.Min(old.First, number)));
            }
        });
        int done = Math.Min(next, count ?? next), failed = faults.Values.Sum(static fault => fault.Count);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{kind.Name}: {done} mutants of {kind.SeedCount} seeds, seed {seed}, {done / watch.Elapsed.TotalSeconds:F0} a second, "
                + $"{failed} failed in {faults.Count} ways"));
        foreach ((string fault, (int times, int first)) in faults.OrderByDescending(static entry => entry.Value.Count).Take(MostSaved))
            output.WriteLine($"  {times} × {fault}: {Save(fault, first)}");
        return failed;
    }

    private string Save(string fault, int number)
    {
        Directory.CreateDirectory(folder);
        (byte[] mutant, byte[] origin) = kind.Make(seed, number);
        string path = Path.Combine(folder, $"{kind.Name}-{seed}-{number}{kind.Extension}"), trial = path + ".trial";
        using Child child = new(kind, seed);
        bool slow = fault.StartsWith("runs for", StringComparison.Ordinal) || fault.StartsWith("waits for", StringComparison.Ordinal);
        byte[] smallest = slow ? mutant : Minimizer.Reduce(mutant, origin, candidate =>
        {
            File.WriteAllBytes(trial, candidate);
            return child.Run(trial, number) == fault;
        }, TimeToReduce);
        File.Delete(trial);
        File.WriteAllBytes(path, smallest);
        File.WriteAllText(path + ".txt", $"{fault}\nagain with: npm run fuzz -- --kind {kind.Name} --file {path} --number {number}\n");
        return path;
    }
}
