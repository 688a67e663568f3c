using EthosU.Graphs;

namespace EthosU.Quantize.Weights;

/// <summary>Rounds the weights of an operator for its result's sake, unit by unit.</summary>
internal sealed class UnitRounder
{
    private const int Largest = sbyte.MaxValue;

    private readonly InputMoments moments;
    private readonly int units, taps, channels, groups;
    private readonly bool depthwise, centred;

    /// <summary>Prepares an operator.</summary>
    /// <param name="node">CONV_2D, DEPTHWISE_CONV_2D or FULLY_CONNECTED.</param>
    /// <param name="moments">Those of what it reads.</param>
    /// <param name="centred">True if its biases make good what the rounding adds to its results' means.</param>
    public UnitRounder(Node node, InputMoments moments, bool centred)
    {
        (this.moments, this.centred) = (moments, centred);
        Shape weights = node.Input(1).Shape;
        depthwise = node.Operator is DepthwiseConv2D;
        units = weights[depthwise ? 3 : 0];
        taps = node.Operator is FullyConnected ? 1 : weights[1] * weights[2];
        channels = depthwise ? 1 : weights[-1];
        groups = moments.Channels / channels;
    }

    /// <summary>Rounds.</summary>
    /// <param name="values">Real weights, as the operator stores them.</param>
    /// <param name="scales">One, or one for each unit.</param>
    /// <param name="stored">Gets the integers.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public void Round(float[] values, float[] scales, sbyte[] stored, CancellationToken cancellation)
    {
        int blocksPerGroup = moments.Blocks / groups, unitsPerGroup = units / groups;
        ParallelLoop.For(moments.Blocks, at =>
        {
            ErrorFeedback feedback = new(moments.Block(at, centred), moments.SizeOf(at));
            int firstUnit = at / blocksPerGroup * unitsPerGroup, firstElement = at % blocksPerGroup * moments.BlockSize;
            ParallelLoop.For(unitsPerGroup, i => RoundUnit(firstUnit + i, firstElement, feedback), cancellation);
        }, cancellation);

        void RoundUnit(int unit, int first, ErrorFeedback feedback)
        {
            Span<float> steps = stackalloc float[feedback.Size];
            Span<sbyte> rounded = stackalloc sbyte[feedback.Size];
            float scale = scales[scales.Length == 1 ? 0 : unit];
            for (int i = 0; i < steps.Length; i++)
                steps[i] = values[Place(unit, first + i)] / scale;
            feedback.Round(steps, rounded, Largest);
            for (int i = 0; i < steps.Length; i++)
                stored[Place(unit, first + i)] = rounded[i];
        }
    }

    /// <summary>Where a weight is stored that stands channel by channel in a row.</summary>
    private int Place(int unit, int element) => depthwise ? (element * units) + unit
        : (((unit * taps) + (element % taps)) * channels) + (element / taps);
}
