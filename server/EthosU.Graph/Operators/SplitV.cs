namespace EthosU.Graphs;

/// <summary>Parts of given sizes along an axis. Inputs: x, sizes, axis (scalar).</summary>
public sealed record SplitV : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.SplitV;
}
