using EthosU.Arithmetic;

namespace EthosU.Interpreter.Integer;

/// <summary>
/// A matrix of weights [channels, depth] in the order in which scalar products read it: blocks of 16 channels; in each, steps along
/// the depth; in each, a 32-bit lane per channel with two or four neighbouring weights. Places beyond the matrix are 0.
/// </summary>
internal sealed class PackedWeights
{
    /// <param name="kind">Who reads it.</param>
    /// <param name="channels">Number of rows.</param>
    /// <param name="depth">Length of a row.</param>
    /// <param name="weight">The weight of a channel at a depth.</param>
    public PackedWeights(DotKind kind, int channels, int depth, Func<int, int, int> weight)
    {
        int perLane = kind.ValuesPerLane(), bits = 32 / perLane;
        Kind = kind;
        Steps = (depth + perLane - 1) / perLane;
        Channels = channels;
        Blocks = (channels + Requantizer.Block - 1) / Requantizer.Block;
        Data = new int[checked(Blocks * Steps * Requantizer.Block)];
        for (int channel = 0; channel < channels; channel++)
            for (int k = 0; k < depth; k++)
            {
                int lane = ((((channel / Requantizer.Block) * Steps) + (k / perLane)) * Requantizer.Block) + (channel % Requantizer.Block);
                Data[lane] |= (weight(channel, k) & (int)((1L << bits) - 1)) << (k % perLane * bits);
            }
    }

    public DotKind Kind { get; }

    public int Channels { get; }

    public int Blocks { get; }

    /// <summary>Lanes along the depth.</summary>
    public int Steps { get; }

    public int[] Data { get; }
}
