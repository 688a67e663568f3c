namespace EthosU.Graphs;

/// <summary>An element-wise operator of two operands with NumPy broadcasting.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Activation">Clamp of the result; ADD, SUB, MUL and DIV only.</param>
/// <param name="PowerOfTwoScales">ADD and SUB in 16 bits: LiteRT may take its shift-only path (<c>pot_scale_int16</c>).</param>
public sealed record Binary(BinaryKind Kind, FusedActivation Activation = FusedActivation.None, bool PowerOfTwoScales = false) : Operator
{
    /// <inheritdoc/>
    public override FusedActivation Activation { get; init; } = Activation;

    /// <inheritdoc/>
    public override BuiltinCode Code => (BuiltinCode)Kind;
}
