namespace EthosU.Graphs;

/// <summary>Surrounds with mirrored content. Input 1: paddings [rank, 2].</summary>
/// <param name="Symmetric">The border itself is repeated (SYMMETRIC); otherwise REFLECT.</param>
public sealed record MirrorPad(bool Symmetric) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.MirrorPad;
}
