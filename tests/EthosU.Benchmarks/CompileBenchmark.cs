using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu;
using EthosU.Npu.Commands;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using EthosU.Testing;
using EthosU.TfLite;

namespace EthosU.Benchmarks;

/// <summary>
/// Estimated cycles and SRAM of the networks that Vela 5.1 and 3.10 compiled, beside those of our files for the same targets. Goal: at most
/// 1.3 times Vela's cycles where Vela does not cascade.
/// </summary>
internal static class CompileBenchmark
{
    public static int Run(TextWriter output, string[] names)
    {
        string folder = Path.Combine(SharedData.Root, "data", "models");
        string results = Path.Combine(folder, "vela", "results.json");
        if (!File.Exists(results))
        {
            output.WriteLine("compile: the files that Vela compiled are not present beside the repository");
            return 1;
        }
        if (names is ["operators"])
            return RunOperators(output);
        output.WriteLine(
            "| network | accelerator | goal | cycles | Vela 5.1 | ratio | Vela 3.10 | ratio | SRAM KiB | Vela 5.1 | Vela 3.10 |\n| --- | "
                + "--- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        using var document = JsonDocument.Parse(File.ReadAllBytes(results));
        foreach (JsonProperty result in document.RootElement.EnumerateObject())
        {
            string[] parts = result.Name.Split('/');
            if (parts[0] != "5.1" || (names.Length > 0 && !names.Any(name => result.Name.Contains(name, StringComparison.Ordinal))))
                continue;
            JsonElement vela = result.Value.GetProperty("summary");
            JsonElement? older = document.RootElement.TryGetProperty($"3.10/{parts[1]}/{parts[2]}", out JsonElement found)
                ? found.GetProperty("summary") : null;
            bool size = parts[1].EndsWith("-size", StringComparison.Ordinal);
            string accelerator = size ? parts[1][..^5] : parts[1];
            Target target = TargetCatalog.Standard
                .Resolve(accelerator, vela.GetProperty("system_config").GetString(), vela.GetProperty("memory_mode").GetString());
            Graph graph = TfLiteReader.Read(Path.Combine(folder, parts[2] + ".tflite"));
            CompileResult ours =
                NpuCompiler.Compile(graph, new(target) { OptimiseFor = size ? CompileGoal.Size : CompileGoal.Performance });
            double cycles = Number(vela, "cycles_total");
            string Ratio(double other) => (ours.Estimate.TotalCycles / other).ToString("F2", CultureInfo.InvariantCulture);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {parts[2]} | {accelerator} | {(size ? "size" : "performance")} | {ours.Estimate.TotalCycles} | {cycles} | "
                    + $"{Ratio(cycles)} | {(older is { } o ? $"{Number(o, "cycles_total"):F0} | {Ratio(Number(o, "cycles_total"))}" : " | ")} | {ours.Memory.SramBytes / 1024.0:F1} | {Number(vela, "sram_memory_used"):F1} | {(older is { } p ? $"{Number(p, "sram_memory_used"):F1}" : "")} |"));
            if (names.Length > 1)
                Compare(output, ours, Path.Combine(folder, "vela", "5.1", parts[1], parts[2] + ".tflite"), target);
        }
        return 0;
    }

    /// <summary>The models of the operator suite that take more cycles than Vela 5.1's files, the worst first.</summary>
    private static int RunOperators(TextWriter output)
    {
        string folder = Path.Combine(SharedData.Root, "data", "opsuite");
        List<(double Ratio, string Line)> rows = [];
        foreach (string accelerator in (string[])["ethos-u55-128", "ethos-u65-256"])
        {
            Target target = accelerator == "ethos-u65-256"
                ? TargetCatalog.Standard.Resolve(accelerator, "Ethos_U65_High_End", "Dedicated_Sram")
                : TargetCatalog.Standard.Resolve(accelerator, "Ethos_U55_High_End_Embedded", "Shared_Sram");
            using ZipArchive archive = ZipFile.OpenRead(Path.Combine(folder, "vela", "5.1", $"{accelerator}.zip"));
            foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry.Name.EndsWith(".tflite", StringComparison.Ordinal)))
            {
                long vela = EstimateFile(Content(entry), entry.Name, target).TotalCycles;
                if (vela == 0)
                    continue;
                long cycles = NpuCompiler.Compile(TfLiteReader.Read(Path.Combine(folder, entry.Name)), new(target)).Estimate.TotalCycles;
                double ratio = cycles / (double)vela;
                rows.Add((ratio,
                    string.Create(CultureInfo.InvariantCulture, $"| {entry.Name} | {accelerator} | {cycles} | {vela} | {ratio:F2} |")));
            }
        }
        output.WriteLine(
            $"operators: {rows.Count(row => row.Ratio <= 1)} of {rows.Count} files take no more cycles than Vela 5.1's, "
                + $"{rows.Count(row => row.Ratio <= 1.3)} no more than 1.3 times as many; the others:");
        output.WriteLine("| model | accelerator | cycles | Vela 5.1 | ratio |\n| --- | --- | ---: | ---: | ---: |");
        foreach ((_, string line) in rows.Where(row => row.Ratio > 1.3).OrderByDescending(row => row.Ratio))
            output.WriteLine(line);
        return 0;
    }

    /// <summary>The operations of both files, each in its own order.</summary>
    private static void Compare(TextWriter output, CompileResult ours, string path, Target target)
    {
        NetworkEstimate vela = EstimateFile(File.ReadAllBytes(path), path, target);
        output.WriteLine("ours:");
        foreach (OperationEstimate operation in ours.Estimate.Operations)
            output.WriteLine($"  {operation.Name}: NPU {operation.NpuCycles}, memories {string.Join(' ', operation.AccessCycles)}");
        output.WriteLine("Vela:");
        foreach (OperationEstimate operation in vela.Operations)
            output.WriteLine($"  {operation.Name}: NPU {operation.NpuCycles}, memories {string.Join(' ', operation.AccessCycles)}");
    }

    /// <summary>A file of an archive.</summary>
    internal static byte[] Content(ZipArchiveEntry entry)
    {
        using MemoryStream content = new();
        using (Stream stream = entry.Open())
            stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>A compiled file by our model: Vela itself takes some operations, as transposes, for other ones than they become.</summary>
    internal static NetworkEstimate EstimateFile(byte[] content, string path, Target target) =>
        PerformanceEstimator.Estimate(TfLiteReader.Read(content, path).Nodes.Where(EthosUNode.Matches)
        .SelectMany(n => NpuArchitecture.Of(target.Accelerator).Commands
        .Read(DriverPayload.Decode(EthosUNode.Of(n, path).Payload.Data!.Bytes.Span, path).Commands, path)),
        target);

    private static double Number(JsonElement summary, string name) =>
        double.Parse(summary.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
