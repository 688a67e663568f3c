using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using EthosU.Npu;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using EthosU.Testing;
using EthosU.TfLite;

namespace EthosU.Benchmarks;

/// <summary>
/// Our files beside those of Vela 5.2 (<c>data/vela52</c>): cycles, SRAM, weights and traffic, by one estimator for both sides; geometric
/// means by target and goal, and every network that is worse.
/// </summary>
internal static class VelaBenchmark
{
    /// <summary>Runs it.</summary>
    /// <param name="output">Where the table goes.</param>
    /// <param name="wanted">Parts of <c>network:target/goal</c>; <c>all</c> prints every row. None: everything.</param>
    public static void Run(TextWriter output, string[] wanted)
    {
        string folder = Path.Combine(SharedData.Root, "data", "vela52");
        if (!Directory.Exists(folder))
        {
            output.WriteLine("vela: the files that Vela compiled are not present beside the repository");
            return;
        }
        bool everyRow = wanted.Contains("all");
        string[] parts = [.. wanted.Where(static part => part != "all")];
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "results.json")));
        List<(string Network, string Case)> cases = [];
        foreach (JsonProperty network in document.RootElement.GetProperty("networks").EnumerateObject())
            foreach (JsonProperty run in network.Value.EnumerateObject())
                if (parts.All(part => $"{network.Name}:{run.Name}:".Contains(part, StringComparison.Ordinal)))
                    cases.Add((network.Name, run.Name));
        ConcurrentBag<Row> rows = [];
        Parallel.ForEach(cases, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            item => rows.Add(Compare(folder, item.Network, item.Case, document.RootElement.GetProperty("networks")
            .GetProperty(item.Network).GetProperty(item.Case))));
        output.WriteLine("| target/goal | networks | cycles | SRAM | weights | DRAM | worst cycles |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
        foreach (IGrouping<string, Row> group in rows.Where(static row => row.Vela is not null && row.Ours.Cycles > 0)
            .GroupBy(static row => row.Case).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            Row worst = group.MaxBy(static row => row.CycleRatio)!;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {group.Key} | {group.Count()} | {Mean(group, static row => row.CycleRatio):F3} | "
                + $"{Mean(group, static row => row.Ours.Sram / (double)row.Vela!.Sram):F3} | "
                + $"{Mean(group, static row => row.Ours.Weights / (double)row.Vela!.Weights):F3} | "
                + $"{Mean(group, static row => row.Ours.Dram / (double)Math.Max(1, row.Vela!.Dram)):F3} | "
                + $"{worst.Network} {worst.CycleRatio:F2} |"));
        }
        foreach (Row row in rows.OrderBy(static row => row.Case, StringComparer.Ordinal)
            .ThenByDescending(static row => row.CycleRatio))
            if (everyRow || row.Failure is not null)
                output.WriteLine(row.Failure is not null ? $"{row.Network} {row.Case}: {row.Failure}" : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{row.Case} {row.Network}: cycles {row.Ours.Cycles} / {row.Vela?.Cycles} = {row.CycleRatio:F3}, "
                    + $"SRAM {row.Ours.Sram} / {row.Vela?.Sram} = {row.Ours.Sram / (double)(row.Vela?.Sram ?? 1):F3}, "
                    + $"weights {row.Ours.Weights / (double)(row.Vela?.Weights ?? 1):F3}, "
                    + $"DRAM {row.Ours.Dram / (double)(row.Vela?.Dram ?? 1):F2}"));
    }

    private static double Mean(IEnumerable<Row> rows, Func<Row, double> value) =>
        Math.Exp(rows.Average(row => Math.Log(Math.Max(1e-9, value(row)))));

    private static Row Compare(string folder, string network, string name, JsonElement recorded)
    {
        string[] parts = name.Split('/');
        long? limit = parts.Length > 2 ? long.Parse(parts[2]["limit-".Length..^"KiB".Length], CultureInfo.InvariantCulture) << 10 : null;
        Figures? vela = recorded.TryGetProperty("vela 5.2", out JsonElement figures) && figures.TryGetProperty("cycles_total", out _)
            ? new(Number(figures, "cycles_total"), Number(figures, "sram_bytes"), Number(figures, "weight_bytes"),
            Number(figures, "dram_bytes"))
            : null;
        try
        {
            // What the files beside were compiled for.
            bool isU65 = parts[0].StartsWith("ethos-u65", StringComparison.Ordinal);
            Target target = TargetCatalog.Standard.Resolve(
                parts[0], isU65 ? "Ethos_U65_High_End" : null, isU65 ? "Dedicated_Sram" : null, limit);
            if (vela is not null && EstimateFile(folder, network, name, target) is { } estimate)
                vela = vela with { Cycles = estimate.TotalCycles, Dram = (long)estimate.Traffic(MemoryKind.Dram).Total };
            CompileResult ours = NpuCompiler.Compile(TfLiteReader.Read(Model(folder, network)), new(target)
            {
                OptimiseFor = parts[1] == "size" ? CompileGoal.Size : CompileGoal.Performance,
            });
            return new(network, name, new(ours.Estimate.TotalCycles, ours.Memory.SramBytes, ours.Memory.ReadOnlyBytes,
                (long)ours.Estimate.Traffic(MemoryKind.Dram).Total), vela, null);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new(network, name, new(0, 0, 0, 0), vela, exception.ToString());
        }
    }

    /// <summary>Vela's file by our estimator; null if it is not there.</summary>
    private static NetworkEstimate? EstimateFile(string folder, string network, string name, Target target)
    {
        string path = Path.Combine(folder, "compiled", name.Replace('/', '-') + ".zip");
        if (!File.Exists(path))
            return null;
        using ZipArchive archive = ZipFile.OpenRead(path);
        if (archive.Entries.FirstOrDefault(entry => entry.Name == network + ".tflite") is not { } found)
            return null;
        return CompileBenchmark.EstimateFile(CompileBenchmark.Content(found), network, target);
    }

    private static long Number(JsonElement figures, string name) =>
        figures.TryGetProperty(name, out JsonElement value) ? (long)value.GetDouble() : 0;

    private static string Model(string folder, string network)
    {
        string data = Path.GetDirectoryName(folder)!;
        string[] candidates =
        [
            Path.Combine(folder, "models", network + ".tflite"), Path.Combine(data, "models", network + ".tflite"),
            network.StartsWith("wild_", StringComparison.Ordinal) ? Path.Combine(data, "wild", network[5..] + ".tflite") : "",
        ];
        return candidates.FirstOrDefault(File.Exists)
            ?? Directory.EnumerateFiles(data, network.Replace("wild_", "", StringComparison.Ordinal) + ".tflite",
            SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
    }

    private sealed record Figures(long Cycles, long Sram, long Weights, long Dram);

    private sealed record Row(string Network, string Case, Figures Ours, Figures? Vela, string? Failure)
    {
        public double CycleRatio => Vela is null || Vela.Cycles == 0 ? 0 : Ours.Cycles / (double)Vela.Cycles;
    }
}
