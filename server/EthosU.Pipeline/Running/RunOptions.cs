using System.Collections.Immutable;

namespace EthosU.Pipeline.Running;

/// <summary>Choices of running a model.</summary>
public sealed record RunOptions
{
    /// <summary>The TensorFlow Lite file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>
    /// An array for each input, in the model's order: a <c>.npy</c> file, or an array of an archive, <c>FILE.npz:NAME</c>.
    /// </summary>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>Outputs go to this and <c>_0.npy</c>, <c>_1.npy</c> and so on.</summary>
    public required string OutputPrefix { get; init; }

    /// <summary>True if the arrays hold samples stacked along a leading axis, and so shall the outputs.</summary>
    public bool Stacked { get; init; }

    /// <summary>
    /// True if the stacked samples are one sequence: state (recurrent tensors, variables) is kept from sample to sample, not reset for
    /// each.
    /// </summary>
    public bool IsSequence { get; init; }
}
