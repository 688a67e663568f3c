namespace EthosU.Graphs;

/// <summary>
/// A builtin operator that this library only names: it can be listed, but neither run nor compiled nor written. Its outputs'
/// shapes are known only from the file.
/// </summary>
/// <param name="Number">TensorFlow Lite's number.</param>
public sealed record OtherBuiltin(BuiltinCode Number) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => Number;
}
