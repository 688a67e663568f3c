namespace EthosU.Graphs;

/// <summary>Operand with a box replaced. Inputs: operand, update, start indices.</summary>
public sealed record DynamicUpdateSlice : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.DynamicUpdateSlice;
}
