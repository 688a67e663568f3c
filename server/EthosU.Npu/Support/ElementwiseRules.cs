using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Rules on elementwise operators and activations (npu-operators 1.9 and 1.10).</summary>
internal static class ElementwiseRules
{
    private static readonly SupportRule SameType = new("npu-ew-out-type",
        n => n.Output.Type != Operands.Ifm(n).Type
            ? $"The input is {Operands.Ifm(n).Type.DisplayName()}, the output {n.Output.Type.DisplayName()}." : null,
        "Use one type for input and output.");

    private static readonly SupportRule InputTypes = new("npu-ew-in-types",
        n => n.Input(0).Type != n.Input(1).Type ? $"The operands are {n.Input(0).Type.DisplayName()} and {n.Input(1).Type.DisplayName()}."
            : null,
        "Use the same type on both branches.");

    private static readonly SupportRule Broadcast = new("npu-ew-broadcast",
        n => n.Input(0).Shape.Rank > 4 || n.Input(1).Shape.Rank > 4
            ? n.Input(0).Shape != n.Input(1).Shape && n.Input(0).Shape.ElementCount != 1 && n.Input(1).Shape.ElementCount != 1
                ? $"The operands {n.Input(0).Shape} and {n.Input(1).Shape} are broadcast over more than four axes." : null
            : null,
        "Reshape to at most four axes before the operation.");

    /// <summary>ADD, SUB, MUL.</summary>
    public static ImmutableArray<SupportRule> Arithmetic { get; } = [InputTypes, Broadcast];

    /// <summary>Comparisons that make numbers or masks.</summary>
    public static ImmutableArray<SupportRule> Comparison { get; } = [InputTypes, Broadcast];

    /// <summary>SELECT by a mask.</summary>
    public static ImmutableArray<SupportRule> Choice { get; } = [SameType];

    /// <summary>SQUARED_DIFFERENCE.</summary>
    public static ImmutableArray<SupportRule> SquaredDifference { get; } = [InputTypes, SameType, Broadcast];

    /// <summary>MAXIMUM, MINIMUM.</summary>
    public static ImmutableArray<SupportRule> MinMax { get; } =
    [
        InputTypes, SameType, Broadcast,
        new("npu-ew-minmax-quant", MinMaxQuantization, "Share one observer for the three tensors; for a constant operand use clamp."),
    ];

    /// <summary>ABS, NEG and activations.</summary>
    public static ImmutableArray<SupportRule> Activation { get; } = [SameType];

    /// <summary>HARD_SWISH.</summary>
    public static ImmutableArray<SupportRule> HardSwish { get; } =
    [
        SameType,
        Only("npu-hswish-type", [ElementType.Int8, ElementType.UInt8],
            "Use int8 here, or write it as x * relu6(x + 3) / 6, which runs in 16 bits."),
    ];

    /// <summary>GELU.</summary>
    public static ImmutableArray<SupportRule> Gelu { get; } =
        [SameType, Only("npu-gelu-type", [ElementType.Int8, ElementType.UInt8],
        "Use int8 activations here, or another activation such as Hardswish.")];

    /// <summary>EXP, LOG and RSQRT.</summary>
    public static ImmutableArray<SupportRule> Table { get; } =
        [SameType, Only("npu-table-type", [ElementType.Int8, ElementType.Int16], "Use int8 or int16 at this point.")];

    private static SupportRule Only(string id, ImmutableArray<ElementType> types, string advice) => new(id,
        n => types.Contains(Operands.Ifm(n).Type) ? null
            : $"{n.Operator.Name} is on {Operands.Ifm(n).Type.DisplayName()} data; the NPU does "
                + $"{string.Join(" and ", types.Select(t => t.DisplayName()))}.",
        advice);

    private static string? MinMaxQuantization(Node node)
    {
        Quantization? expected = node.Output.Quantization;
        return Operands.Data(node).All(t => Equals(t.Quantization, expected)) ? null
            : "The operands of this maximum or minimum and its result have different quantization.";
    }
}
