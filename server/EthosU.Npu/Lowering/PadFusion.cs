using EthosU.Graphs;

namespace EthosU.Npu.Lowering;

/// <summary>Padding that convolutions do themselves (npu-operators 5.2).</summary>
internal static class PadFusion
{
    /// <summary>True if the consumer can read the input of the PAD and pad it in hardware.</summary>
    public static bool Suits(Node pad, Node consumer)
    {
        if (pad.Input(0).Shape.Rank != 4 || consumer.TryInput(0) != pad.Output
            || !Equals(pad.Input(0).Quantization, pad.Output.Quantization) || pad.Input(0).Type != pad.Output.Type
            || pad.Input(0).Type is not (ElementType.Int8 or ElementType.UInt8 or ElementType.Int16)
            || PadLowering.Value(pad) != (pad.Output.Quantization?.ZeroPoint ?? 0))
            return false;
        int[,] amounts = Amounts(pad);
        if (amounts[0, 0] != 0 || amounts[0, 1] != 0 || amounts[3, 0] != 0 || amounts[3, 1] != 0)
            return false;
        (Padding padding, int height, int width) = consumer.Operator switch
        {
            Conv2D op => (op.Padding, WindowGeometry.EffectiveSize(consumer.Input(1).Shape[1], op.DilationHeight),
                WindowGeometry.EffectiveSize(consumer.Input(1).Shape[2], op.DilationWidth)),
            DepthwiseConv2D op =>
                (op.Padding, WindowGeometry.EffectiveSize(consumer.Input(1).Shape[1], op.DilationHeight),
                WindowGeometry.EffectiveSize(consumer.Input(1).Shape[2], op.DilationWidth)),
            _ => (Padding.Same, 0, 0),
        };
        return padding == Padding.Valid
            && amounts[1, 0] < Math.Min(height, 128) && amounts[1, 1] < Math.Min(height, 128)
            && amounts[2, 0] < Math.Min(width, 128) && amounts[2, 1] < Math.Min(width, 128);
    }

    /// <summary>Elements before and after along each axis.</summary>
    public static int[,] Amounts(Node pad)
    {
        int[] flat = pad.Constant(1).ToInt32Array();
        var amounts = new int[flat.Length / 2, 2];
        Buffer.BlockCopy(flat, 0, amounts, 0, flat.Length * sizeof(int));
        return amounts;
    }
}
