using EthosU.Graphs;
using EthosU.Npu.Commands;

namespace EthosU.Npu.Lowering;

/// <summary>
/// One operation of the NPU before memory, blocks and registers are decided (npu-operators 2.1). Immutable.
/// </summary>
/// <param name="Kind">What the hardware does.</param>
/// <param name="Ifm">First operand.</param>
/// <param name="Ofm">Result.</param>
internal sealed record NpuOp(NpuOpKind Kind, FeatureMap Ifm, FeatureMap Ofm)
{
    /// <summary>Function of an elementwise operation.</summary>
    public ElementwiseMode Function { get; init; }

    /// <summary>Second operand of a binary elementwise operation that reads memory.</summary>
    public FeatureMap? Ifm2 { get; init; }

    /// <summary>Second operand of a binary elementwise operation that is one number, as stored.</summary>
    public int? Scalar { get; init; }

    /// <summary>True if the second operand is the mathematically first one.</summary>
    public bool Reversed { get; init; }

    /// <summary>Window of convolutions and pools.</summary>
    public NpuKernel Kernel { get; init; } = NpuKernel.Unit;

    /// <summary>Rows and columns of padding, in upscaled coordinates.</summary>
    public NpuPadding Padding { get; init; }

    /// <summary>How the first operand is doubled in height and width.</summary>
    public NpuUpscale Upscale { get; init; }

    /// <summary>Subtracted from the first operand.</summary>
    public int IfmZeroPoint { get; init; }

    /// <summary>Subtracted from the second operand.</summary>
    public int Ifm2ZeroPoint { get; init; }

    /// <summary>Added to the result.</summary>
    public int OfmZeroPoint { get; init; }

    /// <summary>Weights, biases and scales of each channel; convolutions only.</summary>
    public NpuWeights? Weights { get; init; }

    /// <summary>Multiplier and shift of the whole result; null where the hardware has none or divides by itself.</summary>
    public FixedPointScale? OfmScale { get; init; }

    /// <summary>How operands of additions and subtractions are scaled.</summary>
    public OperandScaling OperandScaling { get; init; } = OperandScaling.Unit;

    /// <summary>How the result is rounded.</summary>
    public NpuRounding Rounding { get; init; }

    /// <summary>Function applied to the result.</summary>
    public OutputFunction OutputFunction { get; init; }

    /// <summary>The table of <see cref="OutputFunction.Table"/>.</summary>
    public LookupTable? Table { get; init; }

    /// <summary>Lowest value; before a table, after any other function.</summary>
    public int ClampMin { get; init; } = short.MinValue;

    /// <summary>Highest value.</summary>
    public int ClampMax { get; init; } = short.MaxValue;

    /// <summary>The node of the model that this is part of.</summary>
    public required Node Node { get; init; }

    /// <summary>True if products are summed in 40 bits.</summary>
    public bool WideAccumulator =>
        Ifm.Type == ElementType.Int16 && Kind is NpuOpKind.Convolution or NpuOpKind.VectorProduct or NpuOpKind.Depthwise;

    /// <summary>True for operations with a filter of weights.</summary>
    public bool HasWeights => Kind is NpuOpKind.Convolution or NpuOpKind.VectorProduct or NpuOpKind.Depthwise;

    /// <summary>True for the functions of two operands.</summary>
    public bool IsBinary => Kind == NpuOpKind.Elementwise && Function.IsBinary();

    /// <summary>Everything that is read.</summary>
    public IEnumerable<FeatureMap> Reads => Ifm2 is null ? [Ifm] : [Ifm, Ifm2];

    /// <summary>Kind, operands and result on one line.</summary>
    public override string ToString() => string.Join(' ', new[]
    {
        Ofm.ToString(), "=", Kind == NpuOpKind.Elementwise ? Function.ToString() : Kind.ToString(), Ifm.ToString(),
        Ifm2?.ToString() ?? (Scalar is null ? "" : $"#{Scalar}"),
        Kernel == NpuKernel.Unit ? "" : Kernel.ToString(), OutputFunction == OutputFunction.None ? "" : OutputFunction.ToString(),
    }.Where(part => part.Length > 0));
}
