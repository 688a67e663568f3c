using System.Collections.Immutable;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>An operation in the order of execution, with the copies that belong to it.</summary>
/// <param name="Name">Name for reports.</param>
/// <param name="Profile">The whole operation, all depth slices together.</param>
internal sealed record TimedOperation(string Name, OperationProfile Profile)
{
    /// <summary>The depth slices whose weights are copied to a buffer; empty if weights are read where they lie.</summary>
    public ImmutableArray<WeightSlice> BufferedSlices { get; init; } = [];

    /// <summary>Memory from which buffered weights are copied.</summary>
    public MemoryKind BufferedFrom { get; init; }

    /// <summary>Other copies: lookup tables, data.</summary>
    public ImmutableArray<MemoryTransfer> Transfers { get; init; } = [];

    /// <summary>The commands of the stream that belong to it, in their order: transfers and kernels.</summary>
    public ImmutableArray<StreamOperation> Commands { get; init; } = [];

    /// <summary>True if the only purpose of the operation is a lookup table.</summary>
    public bool IsTableOnly { get; init; }
}
