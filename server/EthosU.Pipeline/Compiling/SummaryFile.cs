using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Pipeline.Compiling;

/// <summary>The figures of a compilation as a row of comma-separated values under a row of names (npu-scheduling 5.8).</summary>
internal static class SummaryFile
{
    private static readonly (MemoryKind Kind, string Name, string Title)[] Memories =
    [
        (MemoryKind.Sram, "sram", "SRAM"), (MemoryKind.Dram, "dram", "DRAM"), (MemoryKind.OnChipFlash, "on_chip_flash", "On-chip Flash"),
        (MemoryKind.OffChipFlash, "off_chip_flash", "Off-chip Flash"),
    ];

    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="model">The model as it was compiled.</param>
    /// <param name="result">What became of it.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, string name, Graph model, CompileResult result) =>
        OutputFile.Write(path, Encoding.UTF8.GetBytes(Text(name, model, result)));

    /// <summary>Its text.</summary>
    internal static string Text(string name, Graph model, CompileResult result)
    {
        (string Name, string Value)[] columns = [.. Columns(name, model, result)];
        return string.Join(',', columns.Select(static column => column.Name)) + "\n"
            + string.Join(',', columns.Select(static column => Quoted(column.Value))) + "\n";
    }

    private static IEnumerable<(string Name, string Value)> Columns(string network, Graph model, CompileResult result)
    {
        NetworkEstimate estimate = result.Estimate;
        Target target = estimate.Target;
        double rate = estimate.Seconds > 0 ? 1 / estimate.Seconds : 0;
        yield return ("experiment", "default");
        yield return ("network", network);
        yield return ("accelerator_configuration", target.Accelerator.Name);
        yield return ("system_config", target.System.Name);
        yield return ("memory_mode", target.MemoryMode.Name);
        yield return ("core_clock", Text(target.System.CoreClock));
        yield return ("arena_cache_size", Kibibytes(target.ArenaCacheSize));
        foreach ((MemoryKind kind, string name, _) in Memories)
            yield return ($"{name}_bandwidth",
                Text(target.Has(kind) ? target.BytesPerCycle(kind) * target.System.CoreClock / (1L << 30) : 0));
        yield return ("weights_storage_area", Title(target.ConstMemory));
        yield return ("feature_map_storage_area", Title(target.ArenaMemory));
        yield return ("inferences_per_second", Text(rate));
        yield return ("batch_size", Text(model.Inputs.FirstOrDefault()?.Shape is { Rank: > 1 } shape ? shape[0] : 1));
        yield return ("inference_time", Text(estimate.Seconds));
        yield return ("passes_before_fusing", Text(model.Nodes.Length));
        yield return ("passes_after_fusing",
            Text(result.Operations.Length + result.Placement.Count(static placement => placement.NpuOperator is null)));
        foreach ((MemoryKind kind, string name, _) in Memories)
            yield return ($"{name}_memory_used", Kibibytes(Used(target, result.Memory, kind)));
        yield return ("total_original_weights", Text(OriginalWeights(model, result.Placement)));
        yield return ("total_npu_encoded_weights", Text(result.Memory.ReadOnlyBytes));
        foreach ((MemoryKind kind, string name, _) in Memories)
        {
            MemoryTraffic traffic = estimate.Traffic(kind);
            yield return ($"{name}_feature_map_read_bytes", Whole(traffic.FeatureMapRead));
            yield return ($"{name}_feature_map_write_bytes", Whole(traffic.FeatureMapWritten));
            yield return ($"{name}_weight_read_bytes", Whole(traffic.WeightsRead));
            yield return ($"{name}_weight_write_bytes", Whole(traffic.WeightsWritten));
            yield return ($"{name}_total_bytes", Whole(traffic.Total));
        }
        yield return ("nn_macs", Text(estimate.Macs));
        yield return ("nn_tops", Text(2 * estimate.Macs * rate / 1e12));
        yield return ("cycles_npu", Text(estimate.NpuCycles));
        foreach ((MemoryKind kind, string name, _) in Memories)
            yield return ($"cycles_{name}_access", Text(estimate.AccessCycles(kind)));
        yield return ("cycles_total", Text(estimate.TotalCycles));
    }

    /// <summary>Bytes of a memory: arena and fast memory, weights and constants, those of them that lie there.</summary>
    private static long Used(Target target, MemoryFigures memory, MemoryKind kind) =>
        (target.ArenaMemory == kind ? memory.ArenaBytes : 0) + (target.CacheMemory == kind ? memory.FastBytes : 0)
        + (target.ConstMemory == kind ? memory.ReadOnlyBytes : 0);

    /// <summary>Bytes of the constants that operators on the NPU read, each once.</summary>
    private static long OriginalWeights(Graph model, ImmutableArray<NodePlacement> placement)
    {
        HashSet<Tensor> weights = [];
        for (int i = 0; i < placement.Length; i++)
            if (placement[i].NpuOperator is not null
                && model.Nodes[i].Operator is Conv2D or DepthwiseConv2D or TransposeConv or FullyConnected or UnidirectionalSequenceLstm)
                weights.UnionWith(model.Nodes[i].Inputs.OfType<Tensor>()
                    .Where(static tensor => tensor is { IsConstant: true, Type: ElementType.Int8 or ElementType.UInt8 }));
        return weights.Sum(static tensor => tensor.Type.ByteCount(tensor.Shape.ElementCount));
    }

    private static string Title(MemoryKind kind) => Memories.First(memory => memory.Kind == kind).Title;

    private static string Kibibytes(long bytes) => Text(bytes / 1024.0);

    private static string Whole(double value) => Text(Math.Round(value));

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string value) => value.AsSpan().IndexOfAny(",\"\n\r") < 0 ? value
        : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
