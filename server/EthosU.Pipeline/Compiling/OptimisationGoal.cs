namespace EthosU.Pipeline.Compiling;

/// <summary>What a compilation optimises for.</summary>
public enum OptimisationGoal
{
    /// <summary>Few cycles, within the memory that the target has.</summary>
    Performance,

    /// <summary>The knee of the curve of memory against cycles.</summary>
    Balanced,

    /// <summary>The least memory.</summary>
    Size,
}
