using EthosU.Npu.Operations;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Scheduling;

/// <summary>What an encoded weight stream depends on.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="Traversal">Their order.</param>
/// <param name="IfmBits">Bits of an input element.</param>
/// <param name="BlockDepth">Channels of a block; 65536 if a block has all of them.</param>
/// <param name="DilationY">Vertical dilation as programmed.</param>
/// <param name="DilationX">Horizontal dilation as programmed.</param>
/// <param name="Cut">The channel at which the operation is cut in two; 0 if it is not.</param>
internal readonly record struct WeightKey(NpuWeights Weights, WeightTraversal Traversal, int IfmBits, int BlockDepth, int DilationY,
    int DilationX, int Cut);
