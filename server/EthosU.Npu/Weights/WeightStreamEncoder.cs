using System.Runtime.CompilerServices;

namespace EthosU.Npu.Weights;

/// <summary>
/// Compresses a sequence of weights into the stream that the accelerator decodes (npu-weights 2 and 3). The result
/// depends on the weights alone.
/// </summary>
internal static class WeightStreamEncoder
{
    /// <summary>Compresses weights.</summary>
    /// <param name="weights">Values from -255 to 255 in the order of the stream.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The stream, a multiple of 16 bytes; empty if there are no weights.</returns>
    /// <exception cref="ArgumentException">A weight is out of range.</exception>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public static byte[] Encode(ReadOnlySpan<short> weights, CancellationToken cancellation = default)
    {
        if (weights.IsEmpty)
            return [];
        var codes = new ushort[weights.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            int weight = weights[i], magnitude = Math.Abs(weight);
            if (magnitude > 255)
                throw new ArgumentException($"weight {weight} is beyond -255..255", nameof(weights));
            codes[i] = (ushort)(2 * magnitude + (weight < 0 ? 1 : 0));
        }
        byte[]? best = null;
        foreach (int blockLength in BlockLengths(codes.Length))
        {
            byte[] stream = Write(codes, new SectionSplitter(new(), cancellation).Split(codes, blockLength), cancellation);
            if (best is null || stream.Length < best.Length)
                best = stream;
        }
        return best!;
    }

    /// <summary>Short streams are worth several tries; the time for long ones is better spent once.</summary>
    private static int[] BlockLengths(int count) => count switch
    {
        <= 1024 => [64, 256, 1024],
        <= 8192 => [128, 512, 2048],
        <= 32768 => [256, 2048],
        _ => [Math.Max(2048, (int)((count + 4095L) / 4096))],
    };

    private static byte[] Write(ReadOnlySpan<ushort> codes, List<WeightSection> sections, CancellationToken cancellation)
    {
        var writer = new WeightBitWriter(codes.Length);
        foreach (WeightSection section in sections)
        {
            cancellation.ThrowIfCancellationRequested();
            (ushort[] indices, int[] runs) = Index(codes.Slice(section.Start, section.Length), section.Palette);
            foreach (SliceCoding slice in SlicePlanner.Plan(indices, runs, section.Palette.RawBits))
                SliceWriter.Write(writer, slice, section.Palette, indices, runs);
        }
        writer.Write(7, 3);
        return writer.Finish();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (ushort[] Indices, int[] Runs) Index(ReadOnlySpan<ushort> codes, WeightPalette palette)
    {
        ushort[] table = palette.Indices();
        if (!palette.ZeroRuns)
        {
            var all = new ushort[codes.Length];
            for (int i = 0; i < all.Length; i++)
                all[i] = table[codes[i]];
            return (all, []);
        }

        int zeros = codes.Count((ushort)0);
        if (zeros == codes.Length)
            return ([table[0]], [0, zeros - 1]);
        var indices = new ushort[codes.Length - zeros];
        var runs = new int[indices.Length + 1];
        int coded = 0;
        foreach (ushort code in codes)
        {
            if (code == 0)
                runs[coded]++;
            else
                indices[coded++] = table[code];
        }
        return (indices, runs);
    }
}
