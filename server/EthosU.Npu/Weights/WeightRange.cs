namespace EthosU.Npu.Weights;

/// <summary>Where scale records and weights of a depth slice for one core lie (npu-weights 1.7).</summary>
/// <param name="SliceStart">First output channel of the depth slice.</param>
/// <param name="Core">The core.</param>
/// <param name="Offset">Start of the scale records in the packed bytes, a multiple of 16.</param>
/// <param name="ScaleBytes">Bytes of the scale records, without padding.</param>
/// <param name="WeightBytes">Bytes of the weight stream, a multiple of 16.</param>
internal readonly record struct WeightRange(int SliceStart, int Core, int Offset, int ScaleBytes, int WeightBytes)
{
    /// <summary>Start of the weight stream, from <see cref="Offset"/>.</summary>
    public int WeightOffset => (ScaleBytes + 15) / 16 * 16;

    /// <summary>Bytes of both with padding; a multiple of 16.</summary>
    public int TotalBytes => WeightOffset + WeightBytes;
}
