using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>Questions about a node's operands.</summary>
internal static class Operands
{
    /// <summary>The operand of a binary node that is not constant, and the constant one; null if it is not so.</summary>
    public static (Tensor X, TensorData Constant, bool IsFirst)? WithConstant(this Node node) => node.Inputs switch
    {
        [{ IsConstant: false } x, { Data: { } data }] => (x, data, false),
        [{ Data: { } data }, { IsConstant: false } x] => (x, data, true),
        _ => null,
    };

    /// <summary>The one value that all elements of a float constant have; null if they differ or it is no float.</summary>
    public static float? Single(TensorData? data)
    {
        if (data is not { Type: ElementType.Float32, Count: > 0 })
            return null;
        ReadOnlySpan<float> values = data.AsSpan<float>();
        return values.ContainsAnyExcept(values[0]) ? null : values[0];
    }

    /// <summary>The constant as one number for each of the last axis's elements; null if it varies along another axis.</summary>
    /// <param name="data">Broadcast against a tensor of the shape.</param>
    /// <param name="shape">The tensor's shape.</param>
    public static float[]? PerChannel(TensorData data, Shape shape)
    {
        if (data.Type != ElementType.Float32 || shape.Rank == 0 || data.Shape.Rank > shape.Rank)
            return null;
        if (Single(data) is { } value)
            return [.. Enumerable.Repeat(value, shape[-1])];
        return data.Shape.Rank > 0 && data.Shape[-1] == shape[-1] && data.Count == shape[-1] ? data.ToFloatArray() : null;
    }

    /// <summary>True if a constant broadcast against a tensor does not make it larger.</summary>
    public static bool KeepsShape(TensorData data, Shape shape) =>
        Shape.TryBroadcast(data.Shape, shape, out Shape result) && result == shape;
}
