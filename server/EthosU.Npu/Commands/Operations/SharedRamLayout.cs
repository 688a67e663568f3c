namespace EthosU.Npu.Commands;

/// <summary>Division of the shared RAM in banks of 1 KB (npu-commands 9.1).</summary>
/// <param name="IfmEnd">First bank behind the input buffers.</param>
/// <param name="AccumulatorStart">First bank of the accumulators.</param>
/// <param name="Accumulator">Format of the accumulators.</param>
public readonly record struct SharedRamLayout(int IfmEnd, int AccumulatorStart, AccumulatorFormat Accumulator)
{
    /// <summary>First bank of the second input's buffers; null if there are none.</summary>
    public int? Ifm2Start { get; init; }
}
