namespace EthosU.Graphs;

/// <summary>Rows of a table (input 1) at ids (input 0).</summary>
public sealed record EmbeddingLookup : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.EmbeddingLookup;
}
