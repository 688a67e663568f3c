using System.Collections.Immutable;

namespace EthosU.Npu.Targets;

/// <summary>
/// What an accelerator with one engine and memories of fixed sizes has (npu-u85 1.1); streams choose among its micro-blocks.
/// </summary>
public sealed record EngineFacts
{
    /// <summary>Weight decoders: 1, 2 or 4. Each has a stream.</summary>
    public required int Decoders { get; init; }

    /// <summary>
    /// Units of an output that it can work in, in the order in which they are tried; no two have the same rows and columns.
    /// </summary>
    public required ImmutableArray<BlockShape> MicroBlocks { get; init; }

    /// <summary>Bytes for blocks of the input.</summary>
    public required int InputRam { get; init; }

    /// <summary>Bytes for accumulators.</summary>
    public required int AccumulatorRam { get; init; }

    /// <summary>AXI ports for SRAM.</summary>
    public required int SramPorts { get; init; }

    /// <summary>AXI ports for other memories.</summary>
    public required int ExternalPorts { get; init; }

    /// <summary>Largest block of an output, along each axis.</summary>
    public static BlockShape MaxOfmBlock => new(128, 128, 1024);

    /// <summary>The micro-block of rows and columns; null if there is none.</summary>
    public BlockShape? MicroBlock(int height, int width)
    {
        foreach (BlockShape shape in MicroBlocks)
            if (shape.Height == height && shape.Width == width)
                return shape;
        return null;
    }

    /// <inheritdoc/>
    public bool Equals(EngineFacts? other) => other is not null
        && (Decoders, InputRam, AccumulatorRam, SramPorts, ExternalPorts)
        == (other.Decoders, other.InputRam, other.AccumulatorRam, other.SramPorts, other.ExternalPorts)
        && MicroBlocks.AsSpan().SequenceEqual(other.MicroBlocks.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Decoders, InputRam, AccumulatorRam, SramPorts, ExternalPorts);
}
