using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Commands;

/// <summary>How an architecture's command streams say what is to be done.</summary>
public interface ICommandFormat
{
    /// <summary>The configuration word of an accelerator.</summary>
    HardwareConfig ConfigOf(Accelerator accelerator);

    /// <summary>The operations of a stream up to its STOP.</summary>
    /// <exception cref="ModelFormatException">Registers hold what no operation can be done with, or STOP is missing.</exception>
    ImmutableArray<StreamOperation> Read(CommandStream stream, string fileName);
}
