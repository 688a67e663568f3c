using System.Globalization;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Targets;
using Spectre.Console;

namespace EthosU.Cli.Output;

/// <summary>What a compilation came to, for people.</summary>
internal static class CompileText
{
    /// <summary>The file, the placement, the estimate and the memory.</summary>
    public static void Write(TextWriter writer, CompileReport report)
    {
        writer.WriteLine($"{report.Output}: {TensorText.Bytes(report.Bytes ?? 0)}, for {report.Target}, optimised for {report.Goal}");
        int all = report.Placement.Length, npu = all - report.CpuOperators;
        writer.WriteLine(npu == 0 ? $"none of {all} operators runs on the NPU: the model is as it was"
            : $"{npu} of {all} operators run on the NPU, in {report.NpuOperators} {(report.NpuOperators == 1 ? "part" : "parts")}");
        if (npu == 0 || report is not { Memory: { } memory, Estimate: { } estimate })
            return;
        Table table = Tables.Create($"estimate ({report.Goal})", ">", "memory", ">");
        table.Add("cycles", Number(estimate.TotalCycles), "SRAM", TensorText.Bytes(memory.SramBytes));
        table.Add("milliseconds, NPU only", estimate.Milliseconds.ToString("F3", CultureInfo.InvariantCulture), "arena",
            TensorText.Bytes(memory.ArenaBytes));
        table.Add("MACs", Number(estimate.Macs), "weights and constants", TensorText.Bytes(memory.ReadOnlyBytes));
        table.Add("MAC utilisation", Percent(estimate.Utilisation), "commands", TensorText.Bytes(memory.CommandBytes));
        Tables.Write(writer, table);
        if (report.CpuOperators > 0)
            writer.WriteLine("The estimate counts the NPU alone, not the operators on the CPU.");
    }

    /// <summary>The curve of memory against cycles.</summary>
    public static void WriteFrontier(TextWriter writer, FrontierReport curve)
    {
        writer.WriteLine($"{curve.Model}: {curve.Memory} against cycles, for {curve.Target}");
        Table table = Tables.Create("--arena-cache-size>", $"{curve.Memory}>", "SRAM>", "cycles>", "milliseconds, NPU only>",
            "times the fewest>");
        foreach (FrontierPointReport point in curve.Points)
            table.Add(point.Limit.ToString(CultureInfo.InvariantCulture), TensorText.Bytes(point.MemoryBytes),
                TensorText.Bytes(point.SramBytes), Number(point.Cycles), point.Milliseconds.ToString("F3", CultureInfo.InvariantCulture),
                (point.Cycles / (double)Math.Max(1, curve.Points[^1].Cycles)).ToString("F2", CultureInfo.InvariantCulture));
        Tables.Write(writer, table);
    }

    /// <summary>Clock and memories of a target.</summary>
    public static void WriteTarget(TextWriter writer, TargetSummary target)
    {
        Table table = Tables.Create("target", "");
        table.Add("accelerator", target.Accelerator);
        table.Add("system configuration", target.SystemConfig);
        table.Add("memory mode", target.MemoryMode);
        table.Add("clock", string.Create(CultureInfo.InvariantCulture, $"{target.CoreClock / 1e6:0.###} MHz"));
        table.Add("weights, constants and commands", target.ConstMemory);
        table.Add("tensor arena", target.ArenaMemory);
        table.Add(target.HasFastMemory ? "fast memory" : "fast memory (the arena)", target.CacheMemory);
        table.Add(target.HasFastMemory ? "fast memory, at most" : "arena, at most", TensorText.Bytes(target.FastMemoryLimit));
        Tables.Write(writer, table);
    }

    /// <summary>Each operation of the NPU and its cost.</summary>
    public static void WriteOperations(TextWriter writer, CompileReport report)
    {
        Table table = Tables.Create("#>", "operator", "from", "NPU operation", "cycles>", "share>", "MACs>");
        long total = Math.Max(1, report.Operations.Sum(static operation => operation.Cycles));
        for (int i = 0; i < report.Operations.Length; i++)
        {
            OperationReport operation = report.Operations[i];
            string from = FindingText.Place(operation.Source);
            table.Add($"{i}", operation.Operator, from.Length > 0 ? from : operation.Node, operation.Kind, Number(operation.Cycles),
                Percent((double)operation.Cycles / total), Number(operation.Macs));
        }
        Tables.Write(writer, table);
    }

    /// <summary>The operators on the processor.</summary>
    public static void WriteCpuOperators(TextWriter writer, CompileReport report)
    {
        writer.WriteLine(report.CpuOperators == 0 ? "no operator runs on the CPU" : "on the CPU:");
        foreach (PlacementReport placement in report.Placement.Where(static placement => placement.NpuOperator is null))
            writer.WriteLine($"  {placement.Operator} {placement.Node}");
    }

    private static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture) + " %";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
