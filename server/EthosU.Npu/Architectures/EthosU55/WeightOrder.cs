using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Architectures.EthosU55;

/// <summary>How the weights of one stream are put in a line (npu-weights 1.2 and 1.3).</summary>
/// <param name="Traversal">Order of the loops.</param>
/// <param name="IfmBits">Bits of an input element: 8 or 16.</param>
/// <param name="OfmMicroBlockDepth">Output channels of a micro-block.</param>
/// <param name="BlockDepth">Output channels of a block, as one core sees it.</param>
/// <param name="SubKernelHeight">Rows of the kernel done in one pass at most.</param>
/// <param name="SubKernelWidth">Columns of the kernel done in one pass at most.</param>
internal readonly record struct WeightOrder(
    WeightTraversal Traversal, int IfmBits, int OfmMicroBlockDepth, int BlockDepth, int SubKernelHeight, int SubKernelWidth)
{
    private const int Lanes = 8;

    private int IfmBlockDepth => Traversal == WeightTraversal.PartKernelFirst || IfmBits == 16 ? 16 : 32;

    private int TapGranule => (Traversal, IfmBits) switch
    {
        (WeightTraversal.DepthFirst, _) => 1,
        (WeightTraversal.PartKernelFirst, 16) => 2,
        _ => 4,
    };

    /// <summary>The order for one core of an accelerator.</summary>
    /// <param name="accelerator">The accelerator.</param>
    /// <param name="core">The core.</param>
    /// <param name="traversal">Order of the loops.</param>
    /// <param name="ifmBits">8 or 16.</param>
    /// <param name="blockDepth">Depth of the operation's output block.</param>
    /// <param name="dilationY">Vertical dilation as programmed: 1 or 2.</param>
    /// <param name="dilationX">Horizontal dilation as programmed: 1 or 2.</param>
    public static WeightOrder For(
        Accelerator accelerator, int core, WeightTraversal traversal, int ifmBits, int blockDepth, int dilationY, int dilationX) => new(
            traversal, ifmBits, accelerator.OfmMicroBlock.Depth, (blockDepth + accelerator.Cores - 1 - core) / accelerator.Cores,
            Accelerator.MaxSubKernel / dilationY, Accelerator.MaxSubKernel / dilationX);

    /// <summary>
    /// The traversal that suits a convolution: part-kernel-first if it wastes no more of the multipliers than depth-first
    /// (npu-weights 1.4).
    /// </summary>
    public static WeightTraversal Choose(int inputs, int taps, int ifmBits)
    {
        long depthUnit = ifmBits == 16 ? 16 : 32, tapUnit = ifmBits == 16 ? 2 : 4;
        // inputs / up(inputs, depthUnit) against inputs / up(inputs, 8) * taps / up(taps, tapUnit), multiplied out.
        bool partKernel = inputs <= 8 || taps * RoundUp(inputs, depthUnit) >= RoundUp(inputs, 8) * RoundUp(taps, tapUnit);
        return partKernel ? WeightTraversal.PartKernelFirst : WeightTraversal.DepthFirst;
    }

    /// <summary>
    /// The weights of the output channels <paramref name="first"/>, <paramref name="first"/> + <paramref name="step"/>, … in
    /// the order of the stream, with zeros where the hardware expects padding.
    /// </summary>
    /// <param name="volume">All weights of the operation.</param>
    /// <param name="first">First output channel.</param>
    /// <param name="step">Distance of output channels: the number of cores.</param>
    /// <param name="count">Number of output channels.</param>
    public short[] Linearize(WeightVolume volume, int first, int step, int count)
    {
        var result = new short[Length(volume, count)];
        int position = 0;
        bool depthwise = Traversal == WeightTraversal.Depthwise;
        for (int ob = 0; ob < count; ob += BlockDepth)
            for (int ib = 0; ib < (depthwise ? 1 : volume.Inputs); ib += IfmBlockDepth)
                for (int sy = 0; sy < volume.Height; sy += SubKernelHeight)
                    for (int sx = 0; sx < volume.Width; sx += SubKernelWidth)
                    {
                        var pass = new Pass(volume, first, step, count, ob, sy, sx, Math.Min(SubKernelHeight, volume.Height - sy),
                            Math.Min(SubKernelWidth, volume.Width - sx));
                        if (Traversal == WeightTraversal.PartKernelFirst)
                            for (int iu = 0; iu < Math.Min(16, volume.Inputs - ib); iu += Lanes)
                                position = AppendSubKernel(pass, ib + iu, 1, Lanes, result, position);
                        else
                            position = AppendSubKernel(pass, ib, depthwise ? 1 : IfmBlockDepth / Lanes, depthwise ? 1
                                : Lanes, result, position);
                    }
        return result;
    }

    /// <summary>Number of weights in the stream, padding included.</summary>
    /// <exception cref="OverflowException">They are more than an array can hold.</exception>
    public int Length(WeightVolume volume, int count)
    {
        long outputs = 0;
        for (int ob = 0; ob < count; ob += BlockDepth)
            outputs += RoundUp(Math.Min(BlockDepth, count - ob), OfmMicroBlockDepth);
        long inputs = Traversal switch
        {
            WeightTraversal.Depthwise => 1,
            WeightTraversal.PartKernelFirst => RoundUp(volume.Inputs, Lanes),
            _ => RoundUp(volume.Inputs, IfmBlockDepth),
        };
        long taps = 0;
        for (int sy = 0; sy < volume.Height; sy += SubKernelHeight)
            for (int sx = 0; sx < volume.Width; sx += SubKernelWidth)
                taps += RoundUp(Math.Min(SubKernelHeight, volume.Height - sy) * Math.Min(SubKernelWidth, volume.Width - sx), TapGranule);
        return checked((int)(outputs * inputs * taps));
    }

    private int AppendSubKernel(in Pass pass, int firstInput, int inputUnits, int lanes, short[] result, int position)
    {
        WeightVolume volume = pass.Volume;
        int taps = pass.Height * pass.Width;
        int paddedTaps = (int)RoundUp(taps, TapGranule);
        int blockEnd = Math.Min(BlockDepth, pass.Count - pass.FirstOutput);
        for (int ou = 0; ou < blockEnd; ou += OfmMicroBlockDepth)
            for (int tap = 0; tap < paddedTaps; tap++)
            {
                if (tap >= taps)
                {
                    position += inputUnits * OfmMicroBlockDepth * lanes;
                    continue;
                }
                int ky = pass.Y + tap / pass.Width, kx = pass.X + tap % pass.Width;
                for (int unit = 0; unit < inputUnits; unit++)
                {
                    int input = firstInput + unit * lanes;
                    int used = Math.Clamp(volume.Inputs - input, 0, lanes);
                    for (int ol = 0; ol < OfmMicroBlockDepth; ol++, position += lanes)
                    {
                        int o = pass.FirstOutput + ou + ol;
                        if (o >= pass.Count || used == 0)
                            continue;
                        int channel = pass.First + o * pass.Step;
                        int source = ((channel * volume.Height + ky) * volume.Width + kx) * volume.Inputs + input;
                        if (used == 1)
                            result[position] = volume.Values[source];
                        else
                            volume.Values.AsSpan(source, used).CopyTo(result.AsSpan(position));
                    }
                }
            }
        return position;
    }

    private static long RoundUp(long value, long unit) => (value + unit - 1) / unit * unit;

    private readonly record struct Pass(WeightVolume Volume, int First, int Step, int Count, int FirstOutput, int Y, int X, int Height,
        int Width);
}
