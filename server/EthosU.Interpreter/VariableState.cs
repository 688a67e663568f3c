using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>The values of recurrent state.</summary>
internal static class VariableState
{
    /// <summary>State at start-up: every element real zero.</summary>
    public static TensorData Initial(Tensor tensor)
    {
        var bytes = new byte[tensor.Type.ByteCount(tensor.Shape.ElementCount)];
        if (tensor.Type == ElementType.Int8 && tensor.Quantization is { } quantization)
            bytes.AsSpan().Fill((byte)(sbyte)quantization.ZeroPoint);
        return new(tensor.Type, tensor.Shape, bytes);
    }
}
