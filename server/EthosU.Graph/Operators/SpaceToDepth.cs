namespace EthosU.Graphs;

/// <summary>Blocks of pixels become channels (tflite-format 6.3).</summary>
/// <param name="BlockSize">Edge of a block in pixels.</param>
public sealed record SpaceToDepth(int BlockSize) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.SpaceToDepth;
}
