using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>A node that multiplies by constants and adds constants, one for each element of the last axis.</summary>
/// <param name="Input">What is multiplied.</param>
/// <param name="Factor">Factors.</param>
/// <param name="Offset">Added afterwards.</param>
internal sealed record ChannelScale(Tensor Input, float[] Factor, float[] Offset)
{
    /// <summary>Null for nodes that do something else.</summary>
    public static ChannelScale? Of(Node node)
    {
        if (node.Operator is not Binary { Kind: BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Div } binary
            || node.WithConstant() is not { } operands || operands.X.Shape != node.Output.Shape
            || Operands.PerChannel(operands.Constant, operands.X.Shape) is not { } values)
            return null;
        float[] ones = [.. Enumerable.Repeat(1f, values.Length)], zeros = new float[values.Length];
        return (binary.Kind, operands.IsFirst) switch
        {
            (BinaryKind.Add, _) => new(operands.X, ones, values),
            (BinaryKind.Sub, false) => new(operands.X, ones, Array.ConvertAll(values, v => -v)),
            (BinaryKind.Sub, true) => new(operands.X, Array.ConvertAll(ones, v => -v), values),
            (BinaryKind.Mul, _) => new(operands.X, values, zeros),
            (BinaryKind.Div, false) when !values.Contains(0) => new(operands.X, Array.ConvertAll(values, v => 1 / v), zeros),
            _ => null,
        };
    }
}
