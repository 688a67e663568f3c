namespace EthosU.Graphs;

/// <summary>Resizes [N, H, W, C] to the height and width of input 1 (int32 [2]).</summary>
/// <param name="Kind">Which.</param>
/// <param name="AlignCorners">Corner pixels coincide.</param>
/// <param name="HalfPixelCenters">Pixels are sampled at their centres.</param>
public sealed record Resize(ResizeKind Kind, bool AlignCorners = false, bool HalfPixelCenters = false) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => (BuiltinCode)Kind;
}
