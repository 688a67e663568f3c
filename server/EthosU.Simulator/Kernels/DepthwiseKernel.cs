using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EthosU.Npu.Commands;
using EthosU.Npu.Weights.Decoding;

namespace EthosU.Simulator;

/// <summary><c>NPU_OP_DEPTHWISE</c>: every channel for itself (npu-commands 7.3).</summary>
internal static class DepthwiseKernel
{
    // Sums of so many products of 9 × 9 and 16 × 9 bits fit 32 bits.
    private const int NarrowTaps = 1 << 14, WideTaps = 1 << 7;

    public static void Run(Execution run, ConvolutionOperation operation)
    {
        NpuKernel kernel = operation.Kernel;
        double taps = (double)kernel.Height * kernel.Width;
        run.Charge(taps * operation.Ofm.ElementCount);
        bool fits = ElementConversion.FitsInt16(operation.Ifm.Type, operation.Ifm.ZeroPoint)
            && taps <= (operation.Ifm.ElementBytes == 1 ? NarrowTaps : WideTaps);
        if (fits)
            Run<short, int>(run, operation);
        else
            Run<int, long>(run, operation);
    }

    private static void Run<T, TSum>(Execution run, ConvolutionOperation operation) where T : unmanaged where TSum : unmanaged
    {
        AddressedFeatureMap ofm = operation.Ofm;
        NpuKernel kernel = operation.Kernel;
        int depth = ofm.Depth;
        ConvolutionWeights weights = run.Program.Weights.Get(run, operation);
        ChannelScale[] scales = ChannelScales.Read(run, operation);
        OutputStage stage = new(run, operation);
        RowWindow<T> window = new(run, operation, padColumns: true);
        MapWriter writer = new(run, ofm);
        var sums = new TSum[depth];
        var row = new int[(long)ofm.Width * depth];
        for (int y = 0; y < ofm.Height; y++)
        {
            for (int x = 0; x < ofm.Width; x++)
            {
                run.Step();
                sums.AsSpan().Clear();
                for (int ky = 0; ky < kernel.Height; ky++)
                {
                    ReadOnlySpan<T> input = window.Row(y * kernel.StrideY + ky * kernel.DilationY - operation.Padding.Top);
                    for (int kx = 0; kx < kernel.Width; kx++)
                    {
                        ReadOnlySpan<short> tap = weights.Values.AsSpan((ky * kernel.Width + kx) * depth, depth);
                        ReadOnlySpan<T> pixel = input.Slice((x * kernel.StrideX + kx * kernel.DilationX) * depth, depth);
                        if (typeof(T) == typeof(short))
                            Accumulate(MemoryMarshal.Cast<T, short>(pixel), tap, MemoryMarshal.Cast<TSum, int>(sums.AsSpan()));
                        else
                            Accumulate(MemoryMarshal.Cast<T, int>(pixel), tap, MemoryMarshal.Cast<TSum, long>(sums.AsSpan()));
                    }
                }
                Span<int> target = row.AsSpan(x * depth, depth);
                for (int c = 0; c < depth; c++)
                {
                    long sum = typeof(TSum) == typeof(int) ? (int)(object)sums[c] : (long)(object)sums[c];
                    target[c] = stage.Finish(Scaling.Apply(sum + scales[c].Bias, scales[c].Scale, operation.Rounding));
                }
            }
            writer.WriteRow(y, row);
        }
    }

    private static void Accumulate(ReadOnlySpan<short> pixel, ReadOnlySpan<short> tap, Span<int> sums)
    {
        int i = 0;
        ref short a = ref MemoryMarshal.GetReference(pixel);
        ref short b = ref MemoryMarshal.GetReference(tap);
        ref int sum = ref MemoryMarshal.GetReference(sums);
        for (; i <= sums.Length - 16; i += 16)
        {
            (Vector256<int> a0, Vector256<int> a1) = Vector256.Widen(Vector256.LoadUnsafe(ref a, (nuint)i));
            (Vector256<int> b0, Vector256<int> b1) = Vector256.Widen(Vector256.LoadUnsafe(ref b, (nuint)i));
            (Vector256.LoadUnsafe(ref sum, (nuint)i) + a0 * b0).StoreUnsafe(ref sum, (nuint)i);
            (Vector256.LoadUnsafe(ref sum, (nuint)i + 8) + a1 * b1).StoreUnsafe(ref sum, (nuint)i + 8);
        }
        for (; i < sums.Length; i++)
            sums[i] += pixel[i] * tap[i];
    }

    private static void Accumulate(ReadOnlySpan<int> pixel, ReadOnlySpan<short> tap, Span<long> sums)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] += (long)pixel[i] * tap[i];
    }
}
