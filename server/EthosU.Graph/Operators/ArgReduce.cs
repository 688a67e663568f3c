namespace EthosU.Graphs;

/// <summary>Index of the first extreme element along the axis of input 1 (scalar), which disappears.</summary>
/// <param name="Kind">Which.</param>
/// <param name="OutputType">Int32 or Int64.</param>
public sealed record ArgReduce(ArgKind Kind, ElementType OutputType = ElementType.Int32) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => (BuiltinCode)Kind;
}
