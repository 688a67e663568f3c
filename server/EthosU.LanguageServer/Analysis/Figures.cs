using System.Globalization;
using EthosU.Pipeline.Compiling;

namespace EthosU.LanguageServer.Analysis;

/// <summary>Figures as people read them, the same in every language setting.</summary>
internal static class Figures
{
    /// <summary>A whole number in groups of three digits.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of operators, or of what else is called so.</summary>
    public static string Operators(long count, string one = "operator") => $"{Count(count)} {one}{(count == 1 ? "" : "s")}";

    /// <summary>Bytes in a fitting unit of 1024.</summary>
    public static string Bytes(long value) => value switch
    {
        < 1024 => Format($"{value} bytes"),
        < 1 << 20 => Format($"{value / 1024.0:0.#} KiB"),
        _ => Format($"{value / 1048576.0:0.##} MiB"),
    };

    /// <summary>A share in percent.</summary>
    public static string Percent(double share) => Format($"{share * 100:0.#} %");

    /// <summary>A ratio.</summary>
    public static string Decibels(double value) => double.IsPositiveInfinity(value) ? "exact" : Format($"{value:0.#} dB");

    /// <summary>A time.</summary>
    public static string Milliseconds(double value) => value < 1 ? Format($"{value * 1000:0.#} µs") : Format($"{value:0.##} ms");

    /// <summary>Cycles and time of an inference.</summary>
    public static string Cycles(CompileReport report) =>
        report.Estimate is { } estimate ? $"{Count(estimate.TotalCycles)} NPU cycles, {Milliseconds(estimate.Milliseconds)}" : "";

    /// <summary>How much of a model runs on the NPU, what it costs and what memory it needs.</summary>
    public static string Summary(CompileReport report)
    {
        int all = report.Placement.Length;
        string memory = report.Memory is { } m ? $", arena {Bytes(m.ArenaBytes)}, flash {Bytes(m.FlashBytes)}" : "";
        return $"{all - report.CpuOperators} of {all} operators on the NPU, {Cycles(report)}{memory}{(report.Goal is { } goal ? $", optimised for {goal}" : "")}";
    }

    /// <summary>What the figures are for: the target, and what was optimised for where it is known.</summary>
    public static string Target(CompileReport report) => report.Target + (report.Goal is { } goal ? $", optimised for {goal}" : "");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
