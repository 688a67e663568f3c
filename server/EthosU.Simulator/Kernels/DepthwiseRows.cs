using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>The sums of a depthwise convolution, every channel for itself (npu-commands 7.3).</summary>
internal sealed class DepthwiseRows<T, TSum>(Execution run, ConvolutionOperation operation) : IRowSource
    where T : unmanaged where TSum : unmanaged
{
    private readonly ConvolutionWeights weights = run.Program.Weights.Get(run, operation);
    private readonly RowWindow<T> window = new(run, operation, padColumns: true);
    private readonly TSum[] sums = new TSum[operation.Ofm.Depth];

    /// <inheritdoc/>
    public void Row(int y, Span<long> target)
    {
        NpuKernel kernel = operation.Kernel;
        int depth = operation.Ofm.Depth;
        for (int x = 0; x < operation.Ofm.Width; x++)
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
            Span<long> place = target.Slice(x * depth, depth);
            if (typeof(TSum) == typeof(long))
                MemoryMarshal.Cast<TSum, long>(sums.AsSpan()).CopyTo(place);
            else
                for (int c = 0; c < depth; c++)
                    place[c] = (int)(object)sums[c];
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
