using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>Constant weights of 8 or 4 bits.</summary>
internal static class Weights
{
    /// <summary>The weights, 4-bit ones unpacked; null if they are computed by another node.</summary>
    public static sbyte[]? TryRead(Tensor tensor)
    {
        if (tensor.Type is not (ElementType.Int8 or ElementType.Int4))
            throw new KernelRefusedException($"There is no integer kernel for weights of {tensor.Type.DisplayName()}.");
        return tensor.Data is not { } data
            ? tensor.Type == ElementType.Int4 ? throw new KernelRefusedException($"The 4-bit weights '{tensor.Name}' must be a constant.")
            : null
            : data.Type == ElementType.Int4
            ? Array.ConvertAll(data.ToInt64Array(), value => (sbyte)value)
            : data.AsSpan<sbyte>().ToArray();
    }
}
