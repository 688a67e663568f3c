using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EthosU.Arithmetic;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>
/// A convolution as matrix products: a block of output pixels at a time, the input under each window is copied to a row, converted
/// to the type that the scalar product takes. Cells outside the input get the value that stands for real 0.
/// </summary>
internal sealed class ConvolutionPlan
{
    private const int RowBytes = 32 * 1024;

    private readonly WindowShape shape;
    private readonly int depth, zero, perGroup, rowsTogether;
    private readonly DotKind kind;
    private readonly PackedWeights[] groups;
    private readonly Requantizer[] requantizers;

    /// <param name="shape">Sizes.</param>
    /// <param name="depth">Input channels of a group.</param>
    /// <param name="zero">The input's zero point.</param>
    /// <param name="weights">[Co, Kh, Kw, depth].</param>
    /// <param name="weightZero">The weights' zero point.</param>
    /// <param name="scaling">Scaling of the sums.</param>
    /// <param name="kind">Who multiplies.</param>
    /// <param name="path">For scaling.</param>
    public ConvolutionPlan(WindowShape shape, int depth, int zero, sbyte[] weights, int weightZero, ChannelScaling scaling, DotKind kind,
        KernelPath path)
    {
        (this.shape, this.depth, this.zero, this.kind) = (shape, depth, zero, kind);
        perGroup = shape.OutChannels / (shape.Channels / depth);
        int length = checked(shape.KernelHeight * shape.KernelWidth * depth);
        var corrections = new int[shape.OutChannels];
        for (int channel = 0; channel < corrections.Length && kind.TakesBytes(); channel++)
        {
            int sum = 0;
            foreach (sbyte weight in weights.AsSpan(channel * length, length))
                sum += weight;
            corrections[channel] = -(kind.Offset(zero) + zero) * sum;
        }
        groups = new PackedWeights[shape.Channels / depth];
        requantizers = new Requantizer[groups.Length];
        for (int group = 0; group < groups.Length; group++)
        {
            int first = group * perGroup;
            groups[group] = new(kind, perGroup, length, (channel, k) => weights[((first + channel) * length) + k] - weightZero);
            var places = new int[groups[group].Blocks * Requantizer.Block];
            for (int i = 0; i < places.Length; i++)
                places[i] = i < perGroup ? first + i : -1;
            requantizers[group] = new(scaling, places, corrections, path.TakesVectors());
        }
        Steps = groups[0].Steps;
        int fitting = Math.Clamp(RowBytes / (Steps * sizeof(int)), 1, 64) / MatrixProduct.RowBlock * MatrixProduct.RowBlock;
        rowsTogether = Math.Max(fitting, MatrixProduct.RowBlock);
    }

    public int ScratchBytes => checked(rowsTogether * Steps * sizeof(int));

    private int Steps { get; }

    public void Run<T>(ReadOnlySpan<T> x, Span<int> scratch, Span<T> y) where T : unmanaged, IBinaryInteger<T>
    {
        Span<int> rows = scratch[..(rowsTogether * Steps)];
        rows.Clear(); // the ends of rows that windows do not fill meet weights of 0
        int pixels = shape.Batch * shape.OutHeight * shape.OutWidth;
        for (int group = 0; group < groups.Length; group++)
            for (int pixel = 0; pixel < pixels; pixel += rowsTogether)
            {
                int count = Math.Min(rowsTogether, pixels - pixel);
                Gather(x, group, pixel, count, rows);
                MatrixProduct.Run(rows, count, groups[group], requantizers[group], y[((pixel * shape.OutChannels) + (group * perGroup))..],
                    shape.OutChannels);
            }
    }

    private void Gather<T>(ReadOnlySpan<T> x, int group, int pixel, int count, Span<int> rows) where T : unmanaged, IBinaryInteger<T>
    {
        bool pointwise = shape is { KernelHeight: 1, KernelWidth: 1, StrideHeight: 1, StrideWidth: 1 } && groups.Length == 1
            && depth % kind.ValuesPerLane() == 0;
        if (pointwise)
        {
            Convert(x.Slice(pixel * depth, count * depth), rows, 0);
            return;
        }
        int ox = pixel % shape.OutWidth, oy = pixel / shape.OutWidth % shape.OutHeight, n = pixel / shape.OutWidth / shape.OutHeight;
        for (int i = 0; i < count; i++)
        {
            GatherWindow(x, n, (oy * shape.StrideHeight) - shape.Top, (ox * shape.StrideWidth) - shape.Left, group * depth,
                rows.Slice(i * Steps, Steps));
            if (++ox < shape.OutWidth)
                continue;
            ox = 0;
            if (++oy < shape.OutHeight)
                continue;
            oy = 0;
            n++;
        }
    }

    private void GatherWindow<T>(ReadOnlySpan<T> x, int n, int top, int left, int channel, Span<int> row)
        where T : unmanaged, IBinaryInteger<T>
    {
        (int firstColumn, int endColumn) = WindowShape.Inside(left, shape.Width, shape.KernelWidth, shape.DilationWidth);
        bool together = shape.DilationWidth == 1 && groups.Length == 1;
        int line = shape.KernelWidth * depth, position = 0;
        for (int ky = 0; ky < shape.KernelHeight; ky++, position += line)
        {
            int iy = top + (ky * shape.DilationHeight);
            if ((uint)iy >= (uint)shape.Height || firstColumn == endColumn)
            {
                Fill(row, position, line);
                continue;
            }
            int start = ((((n * shape.Height) + iy) * shape.Width) + left) * shape.Channels;
            Fill(row, position, firstColumn * depth);
            if (together)
                Convert(x.Slice(start + (firstColumn * depth), (endColumn - firstColumn) * depth), row, position + (firstColumn * depth));
            else
                for (int kx = firstColumn; kx < endColumn; kx++)
                    Convert(x.Slice(start + (kx * shape.DilationWidth * shape.Channels) + channel, depth), row, position + (kx * depth));
            Fill(row, position + (endColumn * depth), (shape.KernelWidth - endColumn) * depth);
        }
    }

    /// <summary>Writes real zeros.</summary>
    private void Fill(Span<int> row, int position, int count)
    {
        if (count <= 0)
            return;
        if (kind.TakesBytes())
            MemoryMarshal.AsBytes(row).Slice(position, count).Fill((byte)(zero + kind.Offset(zero)));
        else
            MemoryMarshal.Cast<int, short>(row).Slice(position, count).Clear();
    }

    /// <summary>Writes activations in the type that the scalar product takes.</summary>
    private void Convert<T>(ReadOnlySpan<T> source, Span<int> row, int position) where T : unmanaged
    {
        if (kind.TakesBytes())
        {
            ReadOnlySpan<byte> from = MemoryMarshal.AsBytes(source);
            Span<byte> to = MemoryMarshal.AsBytes(row).Slice(position, from.Length);
            byte flip = kind == DotKind.AvxVnniBytes ? (byte)0x80 : (byte)0;
            int i = 0;
            for (; i + Vector256<byte>.Count <= from.Length; i += Vector256<byte>.Count)
                (Vector256.Create(from[i..]) ^ Vector256.Create(flip)).CopyTo(to[i..]);
            for (; i < from.Length; i++)
                to[i] = (byte)(from[i] ^ flip);
            return;
        }
        Span<short> pairs = MemoryMarshal.Cast<int, short>(row).Slice(position, source.Length);
        if (typeof(T) == typeof(short)) // its zero point is 0
        {
            MemoryMarshal.Cast<T, short>(source).CopyTo(pairs);
        }
        else
        {
            ReadOnlySpan<sbyte> from = MemoryMarshal.Cast<T, sbyte>(source);
            var offset = Vector256.Create((short)zero);
            int i = 0;
            for (; i + Vector256<short>.Count <= from.Length; i += Vector256<short>.Count)
            {
                (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Create(from[i..]));
                (Vector256.Create(low, high) - offset).CopyTo(pairs[i..]);
            }
            for (; i < from.Length; i++)
                pairs[i] = (short)(from[i] - zero);
        }
    }
}
