namespace EthosU.Graphs;

/// <summary>Equal parts along an axis. Inputs: axis (scalar), x.</summary>
public sealed record Split : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Split;
}
