using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>
/// A payload made ready to be run, any number of times and by several threads: decoded once, weights kept once they have been decoded.
/// </summary>
public sealed class NpuProgram
{
    /// <summary>Prepares a payload.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <exception cref="ModelFormatException">Registers hold what no operation can be done with, or STOP is missing.</exception>
    public NpuProgram(DriverPayload payload, string fileName)
    {
        Payload = payload;
        Accelerator = Accelerator.Find(payload.Config.AcceleratorName!)!;
        Operations = NpuArchitecture.Of(payload.Commands.Product).Commands.Read(payload.Commands, fileName);
        Weights = new(fileName);
    }

    /// <summary>The payload.</summary>
    public DriverPayload Payload { get; }

    /// <summary>The accelerator that it is for.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>Its operations.</summary>
    public ImmutableArray<StreamOperation> Operations { get; }

    /// <summary>Decoded weights.</summary>
    internal WeightCache Weights { get; }
}
