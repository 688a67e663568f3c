using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>A sound model that cannot be expressed or run. Carries a finding for each reason, all at once.</summary>
public sealed class UnsupportedModelException : Exception
{
    /// <summary>Refuses a model for all the reasons given.</summary>
    /// <exception cref="ArgumentException">No reason is given.</exception>
    public UnsupportedModelException(ImmutableArray<Finding> findings)
        : base(string.Join(Environment.NewLine, findings.Select(f => f.ToString())))
    {
        if (findings.IsDefaultOrEmpty)
            throw new ArgumentException("at least one finding is needed", nameof(findings));
        Findings = findings;
    }

    /// <summary>The reasons, one finding per node.</summary>
    public ImmutableArray<Finding> Findings { get; }
}
