namespace EthosU.Npu.Blocks;

/// <summary>How an operation divides a core's shared RAM, in banks (npu-scheduling 2.1).</summary>
/// <param name="IfmStart">First bank of the input buffer.</param>
/// <param name="Ifm2Start">First bank of the second operand's buffer; of meaning only if there is one.</param>
/// <param name="IfmEnd">First bank behind the input buffers: IB_END.</param>
/// <param name="AccumulatorStart">First bank of the accumulators: AB_START.</param>
/// <param name="LutStart">First bank behind the accumulators.</param>
internal readonly record struct ShramLayout(int IfmStart, int Ifm2Start, int IfmEnd, int AccumulatorStart, int LutStart);
