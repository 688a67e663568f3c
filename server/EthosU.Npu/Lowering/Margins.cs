namespace EthosU.Npu.Lowering;

/// <summary>Rows and columns around a map.</summary>
internal readonly record struct Margins(int Top, int Left, int Bottom, int Right)
{
    /// <summary>True if there are none.</summary>
    public bool IsEmpty => this == default;
}
