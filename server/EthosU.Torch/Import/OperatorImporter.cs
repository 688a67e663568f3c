namespace EthosU.Torch.Import;

/// <summary>How an operator is expressed.</summary>
/// <param name="Target">The operator: <c>aten.conv2d.default</c>.</param>
/// <param name="Arguments">Its signature, as the specification's table has it (pt2-format 8).</param>
/// <param name="Import">Adds it to the graph.</param>
internal sealed record OperatorImporter(string Target, string Arguments, Action<ProgramContext> Import)
{
    /// <summary>Names and defaults of its arguments.</summary>
    public OperatorSignature Signature { get; } = new(Arguments);
}
