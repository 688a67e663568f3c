namespace EthosU.Graphs;

/// <summary>What <see cref="PassInstrumentation"/> does.</summary>
public enum PassMode
{
    /// <summary>Shows the graph after each pass that changed it.</summary>
    Print,
    /// <summary>Checks the graph after each pass.</summary>
    Verify,
    /// <summary>Runs the first passes only.</summary>
    Bisect,
}
