namespace EthosU.Graphs;

/// <summary>Normalises over neighbouring channels.</summary>
/// <param name="Radius">Neighbours on each side.</param>
/// <param name="Bias">Added to the sum.</param>
/// <param name="Alpha">Factor of the sum.</param>
/// <param name="Beta">Exponent.</param>
public sealed record LocalResponseNormalization(int Radius, float Bias, float Alpha, float Beta) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.LocalResponseNormalization;
}
