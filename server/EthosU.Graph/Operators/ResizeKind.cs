namespace EthosU.Graphs;

/// <summary>The operators of <see cref="Resize"/>; the numbers are TensorFlow Lite's.</summary>
public enum ResizeKind
{
    /// <summary>Bilinear.</summary>
    Bilinear = BuiltinCode.ResizeBilinear,
    /// <summary>Nearest.</summary>
    Nearest = BuiltinCode.ResizeNearestNeighbor,
}
