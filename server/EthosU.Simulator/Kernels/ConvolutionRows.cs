using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>The sums of a convolution, in which every output channel sees all input channels (npu-commands 7.3).</summary>
internal sealed class ConvolutionRows<T> : IRowSource where T : unmanaged
{
    private const int PixelsAtOnce = 32, LargestPatches = 1 << 21;
    private const int TapUnit = ConvolutionWeights.TapUnit;
    private const int OutputUnit = ConvolutionWeights.OutputUnit;

    // Sums of so many products of 9 × 9 and 16 × 9 bits fit 32 bits, all lanes of a vector together.
    private const int NarrowChunk = 1024 * TapUnit, WideChunk = 8 * TapUnit;

    private readonly Execution run;
    private readonly ConvolutionOperation operation;
    private readonly ConvolutionWeights weights;
    private readonly RowWindow<T> window;
    private readonly int padded;
    private readonly int outputs;
    private readonly int pixels;
    private readonly int chunk;
    private readonly T[] patches;
    private readonly long[] sums;

    public ConvolutionRows(Execution run, ConvolutionOperation operation)
    {
        (this.run, this.operation) = (run, operation);
        AddressedFeatureMap ofm = operation.Ofm;
        weights = run.Program.Weights.Get(run, operation);
        window = new(run, operation, padColumns: true);
        padded = ConvolutionWeights.PaddedTaps(operation.Kernel.Height * operation.Kernel.Width * operation.Ifm.Depth);
        outputs = (ofm.Depth + OutputUnit - 1) / OutputUnit * OutputUnit;
        pixels = Math.Clamp(LargestPatches / padded, 1, Math.Min(PixelsAtOnce, ofm.Width));
        patches = new T[(long)pixels * padded];
        sums = new long[(long)pixels * outputs];
        chunk = operation.Ifm.ElementBytes == 1 ? NarrowChunk : WideChunk;
    }

    /// <inheritdoc/>
    public void Row(int y, Span<long> target)
    {
        int width = operation.Ofm.Width, depth = operation.Ofm.Depth;
        for (int x = 0; x < width; x += pixels)
        {
            run.Step();
            int count = Math.Min(pixels, width - x);
            Gather(y, x, count);
            if (typeof(T) == typeof(short))
                Multiply(MemoryMarshal.Cast<T, short>(patches.AsSpan()), weights.Values, count, outputs, padded, chunk, sums);
            else
                MultiplyWide(MemoryMarshal.Cast<T, int>(patches.AsSpan()), weights.Values, count, outputs, padded, sums);
            for (int p = 0; p < count; p++)
                sums.AsSpan(p * outputs, depth).CopyTo(target[((x + p) * depth)..]);
        }
    }

    /// <summary>Puts what each of some pixels depends on in a line.</summary>
    private void Gather(int y, int x, int count)
    {
        NpuKernel kernel = operation.Kernel;
        int depth = operation.Ifm.Depth, position = 0;
        for (int ky = 0; ky < kernel.Height; ky++)
        {
            ReadOnlySpan<T> row = window.Row(y * kernel.StrideY + ky * kernel.DilationY - operation.Padding.Top);
            for (int p = 0; p < count; p++)
            {
                Span<T> patch = patches.AsSpan(p * padded + position, kernel.Width * depth);
                int first = (x + p) * kernel.StrideX * depth;
                if (kernel.DilationX == 1)
                    row.Slice(first, patch.Length).CopyTo(patch);
                else
                    for (int kx = 0; kx < kernel.Width; kx++)
                        row.Slice(first + kx * kernel.DilationX * depth, depth).CopyTo(patch[(kx * depth)..]);
            }
            position += kernel.Width * depth;
        }
    }

    private static void Multiply(ReadOnlySpan<short> patches, ReadOnlySpan<short> weights, int pixels, int outputs, int padded, int chunk,
        Span<long> sums)
    {
        sums[..(pixels * outputs)].Clear();
        ref short a = ref MemoryMarshal.GetReference(patches);
        ref short b = ref MemoryMarshal.GetReference(weights);
        for (int start = 0; start < padded; start += chunk)
        {
            int end = Math.Min(padded, start + chunk);
            for (int o = 0; o < outputs; o += OutputUnit)
            {
                ref short w = ref Unsafe.Add(ref b, (nint)o * padded);
                int p = 0;
                for (; p + 1 < pixels; p += 2)
                    TwoPixels(ref Unsafe.Add(ref a, (nint)p * padded), ref w, padded, start, end, sums.Slice(p * outputs + o, OutputUnit),
                        sums.Slice((p + 1) * outputs + o, OutputUnit));
                if (p < pixels)
                    OnePixel(ref Unsafe.Add(ref a, (nint)p * padded), ref w, padded, start, end, sums.Slice(p * outputs + o, OutputUnit));
            }
        }
    }

    private static void TwoPixels(ref short x, ref short w, int padded, int start, int end, Span<long> first, Span<long> second)
    {
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (nuint i = (nuint)start; i < (nuint)end; i += TapUnit)
        {
            Vector256<short> xa = Vector256.LoadUnsafe(ref x, i), xb = Vector256.LoadUnsafe(ref x, i + (nuint)padded);
            Vector256<short> w0 = Vector256.LoadUnsafe(ref w, i), w1 = Vector256.LoadUnsafe(ref w, i + (nuint)padded);
            Vector256<short> w2 = Vector256.LoadUnsafe(ref w, i + 2 * (nuint)padded),
                w3 = Vector256.LoadUnsafe(ref w, i + 3 * (nuint)padded);
            a0 += PairProducts.Of(xa, w0);
            a1 += PairProducts.Of(xa, w1);
            a2 += PairProducts.Of(xa, w2);
            a3 += PairProducts.Of(xa, w3);
            b0 += PairProducts.Of(xb, w0);
            b1 += PairProducts.Of(xb, w1);
            b2 += PairProducts.Of(xb, w2);
            b3 += PairProducts.Of(xb, w3);
        }
        first[0] += Vector256.Sum(a0);
        first[1] += Vector256.Sum(a1);
        first[2] += Vector256.Sum(a2);
        first[3] += Vector256.Sum(a3);
        second[0] += Vector256.Sum(b0);
        second[1] += Vector256.Sum(b1);
        second[2] += Vector256.Sum(b2);
        second[3] += Vector256.Sum(b3);
    }

    private static void OnePixel(ref short x, ref short w, int padded, int start, int end, Span<long> sums)
    {
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
        for (nuint i = (nuint)start; i < (nuint)end; i += TapUnit)
        {
            Vector256<short> xa = Vector256.LoadUnsafe(ref x, i);
            a0 += PairProducts.Of(xa, Vector256.LoadUnsafe(ref w, i));
            a1 += PairProducts.Of(xa, Vector256.LoadUnsafe(ref w, i + (nuint)padded));
            a2 += PairProducts.Of(xa, Vector256.LoadUnsafe(ref w, i + 2 * (nuint)padded));
            a3 += PairProducts.Of(xa, Vector256.LoadUnsafe(ref w, i + 3 * (nuint)padded));
        }
        sums[0] += Vector256.Sum(a0);
        sums[1] += Vector256.Sum(a1);
        sums[2] += Vector256.Sum(a2);
        sums[3] += Vector256.Sum(a3);
    }

    private static void MultiplyWide(ReadOnlySpan<int> patches, ReadOnlySpan<short> weights, int pixels, int outputs, int padded,
        Span<long> sums)
    {
        for (int p = 0; p < pixels; p++)
        {
            ReadOnlySpan<int> patch = patches.Slice(p * padded, padded);
            for (int o = 0; o < outputs; o++)
            {
                ReadOnlySpan<short> taps = weights.Slice(o * padded, padded);
                long sum = 0;
                for (int i = 0; i < patch.Length; i++)
                    sum += (long)patch[i] * taps[i];
                sums[p * outputs + o] = sum;
            }
        }
    }
}
