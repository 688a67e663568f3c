using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>The units in which an engine's memory for inputs is filled (npu-u85 1.3).</summary>
internal static class InputUnits
{
    private const int WordBits = 128, WideBits = 256;

    /// <summary>The unit of an operation, its depth in elements.</summary>
    /// <param name="accelerator">The accelerator.</param>
    /// <param name="micro">The micro-block.</param>
    /// <param name="bits">Bits of the channels of a block of the input at one place.</param>
    /// <param name="elementBits">Bits of an element.</param>
    public static BlockShape Of(Accelerator accelerator, BlockShape micro, int bits, int elementBits)
    {
        int column = bits <= WordBits ? 0 : bits <= WideBits ? 1 : 2;
        BlockShape words = Row(accelerator.MacsPerCycle, micro)[column];
        return words with { Depth = words.Depth * WordBits / elementBits };
    }

    private static BlockShape[] Row(int macs, BlockShape micro)
    {
        bool flat = micro is { Height: 1, Width: 4 };
        return macs switch
        {
            128 => [new(1, 2, 1), new(1, 1, 2), new(1, 1, 2)],
            256 or 512 => [flat ? new(1, 4, 1) : new(2, 2, 1), new(1, 2, 2), new(1, 1, 4)],
            1024 => [new(2, 4, 1), flat ? new(1, 4, 2) : new(2, 2, 2), new(1, 2, 4)],
            _ => [new(4, 4, 1), new(2, 4, 2), flat ? new(1, 4, 4) : new(2, 2, 4)],
        };
    }
}
