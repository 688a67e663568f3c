using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>Reads from a node how the sums of its convolution or matrix product become stored results.</summary>
internal static class ChannelScalings
{
    /// <summary>Scaling of x · weights + bias to the node's result.</summary>
    /// <param name="facts">The node.</param>
    /// <param name="x">The activations.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="bias">The bias, if there is one.</param>
    /// <param name="channels">Number of output channels.</param>
    /// <param name="narrowBias">16x8 without a bias tensor: the options ask for 32-bit sums.</param>
    public static ChannelScaling Make(NodeFacts facts, Tensor x, Tensor weights, Tensor? bias, int channels, bool narrowBias)
    {
        Tensor y = facts.Output;
        if (y.Type != x.Type)
            throw new KernelRefusedException(
                $"Its input is {x.Type.DisplayName()}, its result {y.Type.DisplayName()}: they must be alike.");
        if (bias is not null && bias.Data is null)
            throw new KernelRefusedException($"The bias '{bias.Name}' must be a constant.");
        if (bias is not null
            && (bias.Shape.ElementCount != channels || bias.Type is not (ElementType.Int32 or ElementType.Int64 or ElementType.Int16)))
            throw new KernelRefusedException(
                $"The bias '{bias.Name}' is {bias.Type.DisplayName()}{bias.Shape}, expected are {channels} integers.");
        bool wide = x.Type == ElementType.Int16 && (bias?.Type is ElementType.Int64 or ElementType.Int16 || (bias is null && !narrowBias));
        if (x.Type == ElementType.Int8 && bias?.Type == ElementType.Int64)
            throw new KernelRefusedException("A 64-bit bias needs int16 activations.");
        double input = NodeFacts.Scale(x), output = NodeFacts.Scale(y);
        float[] scales = NodeFacts.Scales(weights, channels);
        var multipliers = Array.ConvertAll(scales, scale => Multiplier.From(input * scale / output));
        (int low, int high) = NodeFacts.ActivationRange(facts.Operator.Activation, y);
        return new(multipliers, bias?.Data!.ToInt64Array() ?? new long[channels], wide, NodeFacts.ZeroPoint(y), low, high);
    }
}
