using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Converting;
using EthosU.Quantize;
using EthosU.Testing;

namespace EthosU.Benchmarks;

/// <summary>
/// A line with a checksum for each file that <c>convert</c> and <c>compile</c> make of the shared models, and for the findings beside it:
/// made before and after a change that must not change results, and compared with <c>diff</c>.
/// </summary>
internal static class FingerprintBenchmark
{
    private const long Small = 64 << 10;
    private static readonly string[] Accelerators =
        ["ethos-u55-32", "ethos-u55-64", "ethos-u55-128", "ethos-u55-256", "ethos-u65-256", "ethos-u65-512"];
    private static readonly string[] Modes = ["Shared_Sram", "Dedicated_Sram", "Sram_Only"];

    /// <summary>Writes the lines, sorted.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="wanted">Parts of paths; a model is taken if it has one of them. None: all models.</param>
    public static void Run(TextWriter output, string[] wanted)
    {
        string root = Path.Combine(SharedData.Root, "data");
        string scratch = Directory.CreateTempSubdirectory("ethosu-fingerprints-").FullName;
        string[] models = [.. Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories)
            .Where(static file => Path.GetExtension(file) is ".tflite" or ".onnx"
            && !file.Contains("onnx-memory", StringComparison.Ordinal))
            .Where(file => wanted.Length == 0 || wanted.Any(part => file.Contains(part, StringComparison.Ordinal)))];
        ConcurrentBag<string> lines = [];
        Parallel.ForEach(models.SelectMany(Works),
            work => lines.Add(
                $"{Path.GetRelativePath(root, work.Model)} {work.Name}: "
                    + $"{Of(() => work.Make(Path.Combine(scratch, Guid.NewGuid().ToString("N"))))}"));
        foreach (string line in lines.Order(StringComparer.Ordinal))
            output.WriteLine(line);
        Directory.Delete(scratch, recursive: true);
    }

    private static IEnumerable<(string Model, string Name, Func<string, string> Make)> Works(string model)
    {
        if (Path.GetExtension(model) == ".onnx")
        {
            foreach (Precision precision in new[] { Precision.Int8, Precision.Int16x8, Precision.Float32 })
                yield return (model, precision.ToString(), file => Converted(model, precision, file));
            yield break;
        }
        // Large models in the first memory mode alone, lest it takes an hour.
        foreach (string mode in new FileInfo(model).Length < Small ? Modes : Modes[..1])
            foreach (string accelerator in Accelerators)
                foreach (CompileGoal goal in Enum.GetValues<CompileGoal>())
                    yield return (model, $"{accelerator} {mode} {goal}", file => Compiled(model, accelerator, mode, goal, file));
    }

    private static string Converted(string model, Precision precision, string file)
    {
        ConvertReport report =
            ConvertJob.Run(new() { ModelPath = model, OutputPath = file, Quantization = new() { Precision = precision }, Calibration =
            new() { Samples = 2 } });
        return $"{Taken(file)} findings {Hash(Encoding.UTF8.GetBytes(string.Join('\n', report.Findings)))}";
    }

    private static string Compiled(string model, string accelerator, string mode, CompileGoal goal, string file)
    {
        CompileReport report =
            CompileJob.Run(new() { ModelPath = model, OutputPath = file, Target = new() { Accelerator = accelerator, MemoryMode = mode },
            Goal = Enum.Parse<OptimisationGoal>(goal.ToString()) });
        return $"{Taken(file)} findings {Hash(Encoding.UTF8.GetBytes(string.Join('\n', report.Findings)))} npu {report.NpuOperators} cpu "
            + $"{report.CpuOperators} cycles {report.Estimate?.TotalCycles} sram {report.Memory?.SramBytes}";
    }

    private static string Taken(string file)
    {
        byte[] content = File.ReadAllBytes(file);
        File.Delete(file);
        return Hash(content);
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..16];

    /// <summary>What is made, or the checksum of what is said instead.</summary>
    private static string Of(Func<string> make)
    {
        try
        {
            return make();
        }
        catch (UnsupportedModelException e)
        {
            return $"refused {Hash(Encoding.UTF8.GetBytes(string.Join('\n', e.Findings)))}";
        }
        catch (ModelFormatException e)
        {
            return $"damaged {Hash(Encoding.UTF8.GetBytes(e.Message))}";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"FAULT {e.GetType().Name} {e.Message.ReplaceLineEndings(" ")}";
        }
    }
}
