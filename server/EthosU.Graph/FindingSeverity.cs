namespace EthosU.Graphs;

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know.</summary>
    Info,
    /// <summary>Works, at a cost.</summary>
    Warning,
    /// <summary>Does not work.</summary>
    Error,
}
