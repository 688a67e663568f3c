using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Disassembly;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;

namespace EthosU.Pipeline.Compiled;

/// <summary>An operation inside an <c>ethos-u</c> operator.</summary>
/// <param name="Index">Its place in the command stream, from 0.</param>
/// <param name="Title">What it is, in one line.</param>
/// <param name="Kind">
/// Stable name of the kind: <c>conv</c>, <c>depthwise</c>, <c>pool</c>, <c>elementwise</c>, <c>resize</c> or <c>dma</c>.
/// </param>
public sealed record PartOperation(int Index, string Title, string Kind)
{
    /// <summary>What it does, with its operands.</summary>
    public required string Description { get; init; }

    /// <summary>Type and shape of the feature map that it writes; null for a copy.</summary>
    public string? Result { get; init; }

    /// <summary>Bytes of that feature map, or bytes copied.</summary>
    public long ResultBytes { get; init; }

    /// <summary>What it costs, with the copies before it; null for a copy.</summary>
    public PartCost? Cost { get; init; }

    /// <summary>Its commands with their places in the stream, in bytes.</summary>
    public required ImmutableArray<(long ByteOffset, string Text)> Commands { get; init; }

    internal static PartOperation Of(int index, OperationGroup group, StreamOperation operation, OperationEstimate? estimate,
        int macsPerCycle)
    {
        (string? result, long bytes) = operation switch
        {
            KernelOperation { Accumulators.IsKeptUnwritten: true } => (null, 0),
            KernelOperation { Ofm: { } ofm } =>
                ($"{ofm.Type.DisplayName()}[{ofm.Height}, {ofm.Width}, {ofm.Depth}]", ofm.ElementCount * ofm.ElementBytes),
            DmaOperation dma => (null, dma.Length * dma.Rows * dma.Planes),
            _ => throw new InvalidOperationException($"{operation.GetType().Name} cannot be shown"),
        };
        return new(index, group.Title, group.Kind)
        {
            Description = OperationText.Describe(operation),
            Result = result,
            ResultBytes = bytes,
            Cost = estimate is null ? null
                : new(estimate.TotalCycles, estimate.Macs, estimate.TotalCycles == 0 ? 0
                : estimate.Macs / ((double)estimate.TotalCycles * macsPerCycle)),
            Commands = [.. group.Commands.Select(static command => (command.ByteOffset, command.Command.ToString()!))],
        };
    }
}
