using EthosU.Npu.Operations;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>The order in which a core's weights stand in its stream (npu-weights 1.3).</summary>
public static class WeightStreamOrder
{
    /// <summary>What stands at a place that belongs to no weight.</summary>
    public const int Padding = -1;

    private const int IfmMicroBlockDepth = 8;
    private const int SubKernel = 8;

    /// <summary>Number of places in the stream.</summary>
    public static long Length(in WeightGeometry geometry)
    {
        (int ifmBlock, int rounding) = Steps(geometry);
        int subHeight = SubKernel / geometry.DilationY, subWidth = SubKernel / geometry.DilationX;
        long taps = 0;
        for (int sy = 0; sy < geometry.KernelHeight; sy += subHeight)
            for (int sx = 0; sx < geometry.KernelWidth; sx += subWidth)
                taps += RoundUp(Math.Min(subHeight, geometry.KernelHeight - sy) * Math.Min(subWidth, geometry.KernelWidth - sx), rounding);
        long units = 0;
        for (int ob = 0; ob < geometry.OfmDepth; ob += geometry.BlockDepth)
            units += CeilDiv(Math.Min(geometry.BlockDepth, geometry.OfmDepth - ob), geometry.MicroBlockDepth);
        long inputs = 1;
        if (!geometry.IsDepthwise)
            inputs = geometry.Order == KernelWeightOrder.PartKernelFirst
                ? (long)CeilDiv(geometry.IfmDepth, IfmMicroBlockDepth) * IfmMicroBlockDepth
                : (long)CeilDiv(geometry.IfmDepth, ifmBlock) * ifmBlock;
        return taps * units * geometry.MicroBlockDepth * inputs;
    }

    /// <summary>
    /// Visits the places of the stream in order with the index of the weight in a volume <c>[output, row, column, input]</c>, or
    /// <see cref="Padding"/>.
    /// </summary>
    /// <param name="geometry">The stream.</param>
    /// <param name="visitor">Gets the runs of the stream.</param>
    internal static void Visit<TVisitor>(in WeightGeometry geometry, ref TVisitor visitor) where TVisitor : struct, IWeightVisitor
    {
        (int ifmBlock, int rounding) = Steps(geometry);
        bool partKernel = !geometry.IsDepthwise && geometry.Order == KernelWeightOrder.PartKernelFirst;
        int subHeight = SubKernel / geometry.DilationY, subWidth = SubKernel / geometry.DilationX;
        int ifmDepth = geometry.IsDepthwise ? 1 : geometry.IfmDepth;
        for (int ob = 0; ob < geometry.OfmDepth; ob += geometry.BlockDepth)
        {
            int ofmCount = Math.Min(geometry.BlockDepth, geometry.OfmDepth - ob);
            for (int ib = 0; ib < ifmDepth; ib += ifmBlock)
            {
                int outer = partKernel ? Math.Min(ifmBlock, ifmDepth - ib) : 1;
                int inner = partKernel || geometry.IsDepthwise ? 1 : ifmBlock;
                for (int sy = 0; sy < geometry.KernelHeight; sy += subHeight)
                {
                    for (int sx = 0; sx < geometry.KernelWidth; sx += subWidth)
                    {
                        int height = Math.Min(subHeight, geometry.KernelHeight - sy), width = Math.Min(subWidth, geometry.KernelWidth - sx);
                        int taps = RoundUp(height * width, rounding);
                        for (int iu = 0; iu < outer; iu += IfmMicroBlockDepth)
                            for (int ou = 0; ou < ofmCount; ou += geometry.MicroBlockDepth)
                                for (int e = 0; e < taps; e++)
                                    for (int iv = 0; iv < inner; iv += IfmMicroBlockDepth)
                                        if (!Lanes(geometry, ifmDepth, ob + ou, ib + iu + iv, e / width < height, sy + e / width,
                                            sx + e % width, ref visitor))
                                            return;
                    }
                }
            }
        }
    }

    private static bool Lanes<TVisitor>(in WeightGeometry geometry, int ifmDepth, int ofm, int ifm, bool isTap, int ky, int kx,
        ref TVisitor visitor)
        where TVisitor : struct, IWeightVisitor
    {
        int lanes = geometry.IsDepthwise ? 1 : IfmMicroBlockDepth;
        int used = isTap ? Math.Clamp(ifmDepth - ifm, 0, lanes) : 0;
        for (int o = ofm; o < ofm + geometry.MicroBlockDepth; o++)
        {
            int count = o < geometry.OfmDepth ? used : 0;
            long index = count == 0 ? Padding : ((long)(o * geometry.KernelHeight + ky) * geometry.KernelWidth + kx) * ifmDepth + ifm;
            if (!visitor.Run(index, count, lanes))
                return false;
        }
        return true;
    }

    private static (int IfmBlock, int Rounding) Steps(in WeightGeometry geometry)
    {
        bool partKernel = !geometry.IsDepthwise && geometry.Order == KernelWeightOrder.PartKernelFirst;
        int rounding = geometry.IsDepthwise ? 4 : !partKernel ? 1 : geometry.IfmBits == 8 ? 4 : 2;
        return (partKernel || geometry.IfmBits == 16 ? 16 : 32, rounding);
    }

    private static int RoundUp(int value, int unit) => CeilDiv(value, unit) * unit;

    private static int CeilDiv(int value, int unit) => (value + unit - 1) / unit;
}
