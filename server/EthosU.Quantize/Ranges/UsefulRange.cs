using EthosU.Graphs;

namespace EthosU.Quantize.Ranges;

/// <summary>The part of a tensor's range that makes a difference to what reads it.</summary>
internal static class UsefulRange
{
    /// <summary>All values make a difference.</summary>
    public static readonly ValueRange Everything = new(float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>The part that an operator tells apart if its result has 8 bits; values beyond may as well lie at its ends.</summary>
    public static ValueRange Of(Operator op) => op switch
    {
        Unary { Kind: UnaryKind.Logistic } => new(-6.3f, 6.3f), // 1 / (1 + e^−6.3) > 1 − ½ / 256
        Unary { Kind: UnaryKind.Tanh } => new(-3.2f, 3.2f),
        Unary { Kind: UnaryKind.Relu } => Everything with { Min = 0 },
        Unary { Kind: UnaryKind.HardSwish } => Everything with { Min = -3 },
        _ => Everything,
    };

    /// <summary>The part of an 8-bit tensor that its readers tell apart.</summary>
    public static ValueRange Of(Graph quantized, Tensor tensor)
    {
        if (tensor.Type != ElementType.Int8 || quantized.IsOutput(tensor) || quantized.Consumers(tensor).IsEmpty)
            return Everything;
        return quantized.Consumers(tensor).Select(node => node.Output.Type == ElementType.Int8 ? Of(node.Operator) : Everything)
            .Aggregate((a, b) => a.Union(b));
    }
}
