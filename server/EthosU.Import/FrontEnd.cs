namespace EthosU.Import;

/// <summary>What distinguishes one front end's findings from another's: ids of rules, and advice in terms of the exporter.</summary>
public sealed record FrontEnd
{
    /// <summary>Rule of what cannot be expressed.</summary>
    public required string UnsupportedRule { get; init; }

    /// <summary>Rule of recurrent networks whose state survives an inference.</summary>
    public required string RecurrentStateRule { get; init; }

    /// <summary>What to do where a value must be constant, but depends on the data.</summary>
    public required string ConstantAdvice { get; init; }

    /// <summary>What to do where shapes and options of an operator contradict each other.</summary>
    public required string ShapeAdvice { get; init; }

    /// <summary>What to do where an operator cannot compute with an element type.</summary>
    public required string TypeAdvice { get; init; }
}
