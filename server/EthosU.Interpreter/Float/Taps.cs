using EthosU.Graphs;

namespace EthosU.Interpreter.Float;

/// <summary>
/// Weights of groups of units, [G·U, K], in the order in which <see cref="Products"/> reads them, [G, K, U]: made once if they are
/// constant, else at each run.
/// </summary>
internal sealed class Taps
{
    private readonly int groups, units, depth;
    private readonly float[]? constant;

    public Taps(Tensor weights, int groups, int units, int depth)
    {
        (this.groups, this.units, this.depth) = (groups, units, depth);
        if (weights.Data is { } data)
            Arrange(data.AsSpan<float>(), constant = new float[data.AsSpan<float>().Length]);
        else
            ScratchBytes = checked(groups * units * depth * sizeof(float));
    }

    public int ScratchBytes { get; }

    /// <summary>The weights; in scratch memory if they are computed.</summary>
    public ReadOnlySpan<float> Of(Frame frame, int input)
    {
        if (constant is not null)
            return constant;
        Span<float> scratch = frame.Scratch<float>()[..(groups * units * depth)];
        Arrange(frame.Input<float>(input), scratch);
        return scratch;
    }

    private void Arrange(ReadOnlySpan<float> weights, Span<float> result)
    {
        int size = units * depth;
        for (int group = 0; group < groups; group++)
            Products.Transpose(weights.Slice(group * size, size), units, depth, result.Slice(group * size, size));
    }
}
