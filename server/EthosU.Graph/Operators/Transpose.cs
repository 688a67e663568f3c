namespace EthosU.Graphs;

/// <summary>Output axis i is input axis permutation[i]; the permutation is input 1, int32 [rank].</summary>
public sealed record Transpose : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Transpose;
}
