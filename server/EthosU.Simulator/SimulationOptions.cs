namespace EthosU.Simulator;

/// <summary>Choices of the simulator.</summary>
public sealed record SimulationOptions
{
    /// <summary>Checks every access and every dependency; without it only what would make execution impossible is found.</summary>
    public bool Check { get; init; } = true;

    /// <summary>
    /// Largest amount of work of a run: multiplications, and elements moved. A damaged stream can ask for years of it.
    /// </summary>
    public long WorkLimit { get; init; } = 1L << 38;

    /// <summary>Violations beyond this number are not recorded.</summary>
    public int MaxViolations { get; init; } = 100;
}
