using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>Combinations that the hardware does not have (npu-operators 1.2); lowering must not produce them.</summary>
internal static class HardwareRules
{
    /// <summary>Checks an operation.</summary>
    /// <exception cref="InvalidOperationException">The hardware has no such operation.</exception>
    public static void Check(NpuOp op)
    {
        if (op.Kind == NpuOpKind.Dma)
            return;
        foreach (FeatureMap map in op.Reads.Append(op.Ofm))
        {
            Require(map.Height is >= 1 and <= 65536 && map.Width is >= 1 and <= 65536 && map.Depth is >= 1 and <= 65536, op,
                "a size is not in 1..65536");
            Require(map.Offset % map.ElementBytes == 0, op, "an address is not aligned");
            Require(map.Type is ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.Int32, op,
                "an element type has no form");
        }
        Require(op.Kernel.StrideY is >= 1 and <= 3 && op.Kernel.StrideX is >= 1 and <= 3, op, "a stride is not in 1..3");
        Require(op.Kernel.DilationY is 1 or 2 && op.Kernel.DilationX is 1 or 2, op, "a dilation is not 1 or 2");
        Require(Fits(op.Padding), op, "padding beyond the registers");
        ElementType ifm = op.Ifm.Type, ofm = op.Ofm.Type;
        switch (op.Kind)
        {
            case NpuOpKind.Convolution or NpuOpKind.VectorProduct or NpuOpKind.Depthwise:
                Require(ifm != ElementType.Int32, op, "no convolution of 32-bit elements");
                Require(op.Weights is not null && op.Weights.OutputDepth == op.Ofm.Depth, op, "weights do not fit the result");
                Require(op.Weights!.InputDepth == (op.Kind == NpuOpKind.Depthwise ? 1 : op.Ifm.Depth), op, "weights do not fit the input");
                break;
            case NpuOpKind.AveragePool or NpuOpKind.MaxPool:
                Require(ifm != ElementType.Int32 && ifm.ByteSize() == ofm.ByteSize() | op.Kind == NpuOpKind.AveragePool, op,
                    "a pool keeps the element type");
                Require(op.Ifm.Depth == op.Ofm.Depth, op, "a pool keeps the channels");
                break;
            case NpuOpKind.ReduceSum:
                Require(op.Ofm.Depth == 1, op, "a sum over channels has one channel");
                break;
            case NpuOpKind.Elementwise:
                Require(!op.IsBinary || op.Ifm2 is null || op.Ifm2.Type == ifm, op, "operands differ in type");
                Require(op.Scalar is null || ifm != ElementType.Int32, op, "no 32-bit scalar");
                Require(ifm != ElementType.Int32 || (op.IfmZeroPoint == 0 && op.Ifm2ZeroPoint == 0), op,
                    "no zero point of 32-bit elements");
                Require(op.Ifm.Height == op.Ofm.Height && op.Ifm.Width == op.Ofm.Width && op.Ifm.Depth == op.Ofm.Depth, op,
                    "the first operand has another shape");
                break;
        }
    }

    /// <summary>True if the registers hold the padding.</summary>
    public static bool Fits(NpuPadding padding) =>
        padding is { Top: >= 0 and <= 127, Left: >= 0 and <= 127, Bottom: >= 0 and <= 128, Right: >= 0 and <= 128 };

    private static void Require(bool condition, NpuOp op, string what)
    {
        if (!condition)
            throw new InvalidOperationException(
                $"{op.Node.Operator.Name} '{op.Node.Name}' became an operation that the NPU does not have: {what} ({op})");
    }
}
