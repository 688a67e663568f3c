namespace EthosU.Graphs;

/// <summary>Repeats axes of size 1 up to the shape in input 1.</summary>
public sealed record BroadcastTo : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.BroadcastTo;
}
