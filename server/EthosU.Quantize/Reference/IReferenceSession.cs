using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Quantize.Data;

namespace EthosU.Quantize.Reference;

/// <summary>A loaded reference model. Several runs may go on at once.</summary>
public interface IReferenceSession : IDisposable
{
    /// <summary>What a user should know: why the model cannot be run, where it cannot; then there are no values.</summary>
    ImmutableArray<Finding> Findings { get; }

    /// <summary>Names of the values that each run gives: those that were wanted and are computed as real numbers.</summary>
    ImmutableArray<string> Values { get; }

    /// <summary>Computes the values of some samples. They stay in memory until they are disposed of.</summary>
    /// <param name="batch">The samples, in the shapes of the source model's inputs.</param>
    /// <param name="cancellation">Stops between two operators, this run and all that follow.</param>
    /// <exception cref="ModelFormatException">The model fails on a sample.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    IReferenceValues Run(IReadOnlyList<Sample> batch, CancellationToken cancellation = default);
}
