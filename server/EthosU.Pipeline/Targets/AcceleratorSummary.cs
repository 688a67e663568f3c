using System.Collections.Immutable;
using EthosU.Npu.Targets;

namespace EthosU.Pipeline.Targets;

/// <summary>An accelerator that can be chosen.</summary>
/// <param name="Name">Its name, such as <c>ethos-u55-128</c>.</param>
/// <param name="Title">The same for people, such as <c>Ethos-U55-128</c>.</param>
/// <param name="MacsPerCycle">Multiply-accumulates in a cycle.</param>
/// <param name="Cores">Number of its cores.</param>
public sealed record AcceleratorSummary(string Name, string Title, int MacsPerCycle, int Cores)
{
    /// <summary>All accelerators that models can be compiled for.</summary>
    public static ImmutableArray<AcceleratorSummary> All { get; } =
        [.. Accelerator.Compilable
        .Select(static one => new AcceleratorSummary(one.Name, $"{one.Family}-{one.MacsPerCycle}", one.MacsPerCycle, one.Cores))];
}
