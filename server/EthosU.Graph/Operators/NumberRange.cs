namespace EthosU.Graphs;

/// <summary>start, start + delta, … below limit.</summary>
public sealed record NumberRange : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Range;
}
