namespace EthosU.Graphs;

/// <summary>A handle to a resource variable.</summary>
/// <param name="Container">Container name.</param>
/// <param name="SharedName">Variable name.</param>
public sealed record VarHandle(string Container, string SharedName) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.VarHandle;
}
