using System.Collections.Immutable;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Weights;

/// <summary>The form in which an architecture reads weights and scale records.</summary>
internal interface IWeightFormat
{
    /// <summary>The order of weights that suits a convolution.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="taps">Elements of the kernel.</param>
    /// <param name="ifmBits">Bits of an input element, 8 or 16.</param>
    WeightTraversal ChooseTraversal(int inputs, int taps, int ifmBits);

    /// <summary>Orders, compresses and packs an operation's weights. The streams are made in parallel.</summary>
    /// <param name="accelerator">The accelerator.</param>
    /// <param name="volume">The weights.</param>
    /// <param name="records">Bias and scale of each output channel.</param>
    /// <param name="traversal">Order, as programmed.</param>
    /// <param name="ifmBits">Bits of an input element, 8 or 16.</param>
    /// <param name="blockDepth">Depth of the output block, as programmed.</param>
    /// <param name="dilationY">Vertical dilation as programmed, 1 or 2.</param>
    /// <param name="dilationX">Horizontal dilation as programmed, 1 or 2.</param>
    /// <param name="depthOffsets">Starts of the depth slices, then the number of channels; all but the last are multiples of 16.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    PackedWeights Pack(
        Accelerator accelerator, WeightVolume volume, ReadOnlyMemory<ScaleRecord> records, WeightTraversal traversal, int ifmBits,
        int blockDepth, int dilationY, int dilationX, ImmutableArray<int> depthOffsets, CancellationToken cancellation = default);
}
