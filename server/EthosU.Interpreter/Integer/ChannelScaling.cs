using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>How the sums of a convolution or matrix product become stored results, channel by channel.</summary>
internal sealed class ChannelScaling
{
    private ChannelScaling(Multiplier[] multipliers, long[] bias, bool wide, int zero, int low, int high) =>
        (Multipliers, Bias, IsWide, Zero, Low, High) = (multipliers, bias, wide, zero, low, high);

    public Multiplier[] Multipliers { get; }

    /// <summary>A bias per channel; 0 where there is none, or where it is computed by another node.</summary>
    public long[] Bias { get; }

    /// <summary>Sums are of 64 bits and scaled by 15 bits of the multiplier; otherwise they wrap at 32 bits.</summary>
    public bool IsWide { get; }

    public int Zero { get; }

    public int Low { get; }

    public int High { get; }

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
            throw new KernelRefusedException($"Its input is {x.Type.DisplayName()}, its result {y.Type.DisplayName()}: they must be alike.");
        if (bias is not null && bias.Data is null)
            throw new KernelRefusedException($"The bias '{bias.Name}' must be a constant.");
        if (bias is not null && (bias.Shape.ElementCount != channels || bias.Type is not (ElementType.Int32 or ElementType.Int64 or ElementType.Int16)))
            throw new KernelRefusedException($"The bias '{bias.Name}' is {bias.Type.DisplayName()}{bias.Shape}, expected are {channels} integers.");
        bool wide = x.Type == ElementType.Int16 && (bias?.Type is ElementType.Int64 or ElementType.Int16 || (bias is null && !narrowBias));
        if (x.Type == ElementType.Int8 && bias?.Type == ElementType.Int64)
            throw new KernelRefusedException("A 64-bit bias needs int16 activations.");
        double input = NodeFacts.Scale(x), output = NodeFacts.Scale(y);
        float[] scales = NodeFacts.Scales(weights, channels);
        var multipliers = Array.ConvertAll(scales, scale => Multiplier.From(input * scale / output));
        if (wide && Array.Exists(multipliers, m => m.Shift >= 8))
            throw new KernelRefusedException("The quotient of its scales is too large for 64-bit sums.");
        (int low, int high) = NodeFacts.ActivationRange(facts.Operator.Activation, y);
        return new(multipliers, bias?.Data!.ToInt64Array() ?? new long[channels], wide, NodeFacts.ZeroPoint(y), low, high);
    }

    /// <summary>A sum, bias included, as a stored result.</summary>
    public int Apply(long sum, int channel)
    {
        Multiplier multiplier = Multipliers[channel];
        int scaled = IsWide ? multiplier.ApplyWide(sum) : multiplier.Apply((int)sum);
        return Math.Clamp(scaled + Zero, Low, High);
    }
}
