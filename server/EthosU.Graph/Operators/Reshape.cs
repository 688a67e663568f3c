namespace EthosU.Graphs;

/// <summary>The same elements under another shape, given by input 1 (int32 [rank]) or, without it, by the output's shape.</summary>
public sealed record Reshape : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Reshape;
}
