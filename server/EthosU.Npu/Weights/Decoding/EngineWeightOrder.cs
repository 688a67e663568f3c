using EthosU.Npu.Operations;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>The order in which the weights stand in the streams of an engine's decoders (npu-u85 7.2).</summary>
/// <param name="geometry">What decides it.</param>
internal sealed class EngineWeightOrder(EngineWeightGeometry geometry)
{
    private const int SubKernel = 8, ChannelGroup = 4;

    /// <summary>Number of places in the stream of a decoder.</summary>
    public long Length()
    {
        EngineWeightGeometry g = geometry;
        long outputs = 0, inputs = 0, taps = 0;
        for (int ob = 0; ob < g.OfmDepth; ob += g.BlockDepth)
            outputs += CeilDiv(Math.Min(g.BlockDepth, g.OfmDepth - ob), g.MicroBlockDepth);
        for (int ib = 0; ib < g.IfmDepth; ib += g.IfmBlockDepth)
            inputs += CeilDiv(Math.Min(g.IfmBlockDepth, g.IfmDepth - ib), g.IfmUnit);
        int subHeight = SubKernel / g.Kernel.DilationY, subWidth = SubKernel / g.Kernel.DilationX;
        for (int sx = 0; sx < g.Kernel.Width; sx += subWidth)
            for (int sy = 0; sy < g.Kernel.Height; sy += subHeight)
                taps += PaddedTaps(Math.Min(subHeight, g.Kernel.Height - sy) * Math.Min(subWidth, g.Kernel.Width - sx));
        return outputs * inputs * taps * g.TapWeights;
    }

    /// <summary>Visits the places of a decoder's stream in order.</summary>
    /// <param name="decoder">The decoder, from 0.</param>
    /// <param name="visitor">Gets the runs of the stream.</param>
    public void Visit<TVisitor>(int decoder, ref TVisitor visitor) where TVisitor : struct, IWeightVisitor
    {
        EngineWeightGeometry g = geometry;
        int subHeight = SubKernel / g.Kernel.DilationY, subWidth = SubKernel / g.Kernel.DilationX;
        int inputBlocks = CeilDiv(g.IfmDepth, g.IfmBlockDepth);
        bool backward = false;
        for (int ob = 0; ob < g.OfmDepth; ob += g.BlockDepth, backward = !backward)
            for (int i = 0; i < inputBlocks; i++)
            {
                int ib = (backward ? inputBlocks - 1 - i : i) * g.IfmBlockDepth;
                for (int sx = 0; sx < g.Kernel.Width; sx += subWidth)
                    for (int sy = 0; sy < g.Kernel.Height; sy += subHeight)
                    {
                        (int Y, int X)[] taps = Taps(sy, Math.Min(subHeight, g.Kernel.Height - sy), sx,
                            Math.Min(subWidth, g.Kernel.Width - sx));
                        for (int iu = ib; iu < Math.Min(ib + g.IfmBlockDepth, g.IfmDepth); iu += g.IfmUnit)
                            for (int ou = ob; ou < Math.Min(ob + g.BlockDepth, g.OfmDepth); ou += g.MicroBlockDepth)
                                if (!MicroBlock(decoder, taps, iu, ou, ref visitor))
                                    return;
                    }
            }
    }

    private bool MicroBlock<TVisitor>(int decoder, (int Y, int X)[] taps, int iu, int ou, ref TVisitor visitor)
        where TVisitor : struct, IWeightVisitor
    {
        EngineWeightGeometry g = geometry;
        for (int t = 0; t < taps.Length; t++)
        {
            (int y, int x) = taps[t];
            for (int step = 0; step < g.IfmUnit; step += g.Lanes)
                for (int group = ChannelGroup * decoder; group < g.MicroBlockDepth; group += ChannelGroup * g.Decoders)
                    for (int o = ou + group; o < ou + group + ChannelGroup; o++)
                    {
                        int used = o < g.OfmDepth ? Math.Clamp(g.IfmDepth - iu - step, 0, g.Lanes) : 0;
                        long index = ((((long)o * g.Kernel.Height) + y) * g.Kernel.Width + x) * g.IfmDepth + iu + step;
                        if (!visitor.Run(index, used, g.Lanes))
                            return false;
                    }
            if (g.GapTaps > 0 && (t + 1) % g.TapUnit == 0 && !visitor.Run(0, 0, g.GapTaps * g.TapWeights))
                return false;
        }
        int missing = CeilDiv(taps.Length, g.TapUnit) * g.TapUnit - taps.Length;
        return missing == 0 || visitor.Run(0, 0, (missing + g.GapTaps) * g.TapWeights);
    }

    /// <summary>The taps of a sub-kernel by the phase of the stride; every other row of a phase goes from right to left.</summary>
    private (int Y, int X)[] Taps(int sy, int height, int sx, int width)
    {
        bool strided = geometry.IsDepthwise || geometry.Order == KernelWeightOrder.PartKernelFirst;
        int strideY = strided ? geometry.Kernel.StrideY : 1, strideX = strided ? geometry.Kernel.StrideX : 1;
        List<(int, int)> taps = new(height * width);
        for (int py = 0; py < strideY; py++)
            for (int px = 0; px < strideX; px++)
            {
                bool backward = false;
                for (int y = py; y < height; y += strideY, backward = !backward)
                {
                    int count = px < width ? ((width - px - 1) / strideX) + 1 : 0;
                    for (int i = 0; i < count; i++)
                        taps.Add((sy + y, sx + px + (backward ? count - 1 - i : i) * strideX));
                }
            }
        return [.. taps];
    }

    private long PaddedTaps(int taps)
    {
        int groups = CeilDiv(taps, geometry.TapUnit);
        return (long)groups * (geometry.TapUnit + geometry.GapTaps);
    }

    private static int CeilDiv(int value, int unit) => (value + unit - 1) / unit;
}
