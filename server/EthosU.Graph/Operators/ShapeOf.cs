namespace EthosU.Graphs;

/// <summary>The shape as a vector.</summary>
/// <param name="OutputType">Int32 or Int64.</param>
public sealed record ShapeOf(ElementType OutputType = ElementType.Int32) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Shape;
}
