namespace EthosU.Graphs;

/// <summary>Channels become blocks of pixels (tflite-format 6.3).</summary>
/// <param name="BlockSize">Edge of a block in pixels.</param>
public sealed record DepthToSpace(int BlockSize) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.DepthToSpace;
}
