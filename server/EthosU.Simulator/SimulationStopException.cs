namespace EthosU.Simulator;

/// <summary>Ends a run that cannot go on; becomes a violation.</summary>
internal sealed class SimulationStopException(string rule, string description) : Exception(description)
{
    public string Rule { get; } = rule;
}
