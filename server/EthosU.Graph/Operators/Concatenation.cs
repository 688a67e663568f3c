namespace EthosU.Graphs;

/// <summary>Joins its inputs along an axis.</summary>
/// <param name="Axis">May count from the end.</param>
/// <param name="Activation">Clamp of the result.</param>
public sealed record Concatenation(int Axis, FusedActivation Activation = FusedActivation.None) : Operator
{
    /// <inheritdoc/>
    public override FusedActivation Activation { get; init; } = Activation;

    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Concatenation;
}
