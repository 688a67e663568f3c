namespace EthosU.Graphs;

/// <summary>
/// A function of one stored 8-bit value as a table. A compiler makes it of operators that depend on one value alone; no file holds it, and
/// no runtime has a kernel for it.
/// </summary>
/// <param name="Entries">256 results in the result's type, that of the least value first.</param>
public sealed record TableLookup(TensorData Entries) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Custom;

    /// <inheritdoc/>
    public override string Name => "TABLE";
}
