using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Rules on QUANTIZE between integers (npu-operators 1.19).</summary>
internal static class QuantizeRules
{
    /// <summary>QUANTIZE.</summary>
    public static ImmutableArray<SupportRule> All { get; } =
    [
        new("npu-quantize-32bit", n => Operands.All(n).Any(t => t.Type == ElementType.Int32) ? "This QUANTIZE is to or from int32." : null,
            "Keep to int8 and int16."),
    ];
}
