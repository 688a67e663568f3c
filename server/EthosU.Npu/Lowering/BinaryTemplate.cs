using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>An elementwise operation of two operands without the operands; everything is in the mathematical order of these.</summary>
internal sealed record BinaryTemplate(ElementwiseMode Function, Node Node)
{
    public int FirstZeroPoint { get; init; }

    public int SecondZeroPoint { get; init; }

    public int OfmZeroPoint { get; init; }

    public FixedPointScale? OfmScale { get; init; }

    public OperandScaling OperandScaling { get; init; } = OperandScaling.Unit;

    public NpuRounding Rounding { get; init; }

    public OutputFunction OutputFunction { get; init; }

    public LookupTable? Table { get; init; }

    public int ClampMin { get; init; } = short.MinValue;

    public int ClampMax { get; init; } = short.MaxValue;

    /// <summary>The operation; <paramref name="reversed"/>: the first operand of the hardware is the second one here.</summary>
    public NpuOp ToOp(FeatureMap ifm, FeatureMap? ifm2, int? scalar, FeatureMap ofm, bool reversed) => new(NpuOpKind.Elementwise, ifm, ofm)
    {
        Node = Node,
        Function = Function,
        Ifm2 = ifm2,
        Scalar = scalar,
        Reversed = reversed,
        IfmZeroPoint = reversed ? SecondZeroPoint : FirstZeroPoint,
        Ifm2ZeroPoint = reversed ? FirstZeroPoint : SecondZeroPoint,
        OfmZeroPoint = OfmZeroPoint,
        OfmScale = OfmScale,
        OperandScaling = OperandScaling,
        Rounding = Rounding,
        OutputFunction = OutputFunction,
        Table = Table,
        ClampMin = ClampMin,
        ClampMax = ClampMax,
    };
}
