using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Pools to sizes that are given; windows reach from ⌊i · in / out⌋ to ⌈(i + 1) · in / out⌉ and so differ in size.</summary>
public static class AdaptivePooling
{
    /// <summary>The means of an image's windows.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image [N, C, …].</param>
    /// <param name="sizes">The size of each spatial axis.</param>
    public static Tensor Average(GraphEmitter g, Tensor x, int[] sizes)
    {
        if (sizes.All(static size => size == 1))
            return Pooling.Global(g, x, ReduceKind.Mean);
        if (Regular(x, sizes) is { } window)
            return Pooling.Average(g, x, window, includesPadding: true);
        for (int i = 0; i < sizes.Length; i++)
        {
            int axis = 2 + i, from = x.Shape[axis], to = sizes[i];
            if (from == to)
                continue;
            float[] matrix = new float[g.Listed((long)from * to)];
            for (int column = 0; column < to; column++)
            {
                (int start, int end) = Reach(column, from, to);
                for (int row = start; row < end; row++)
                    matrix[(row * to) + column] = 1f / (end - start);
            }
            Tensor weights = g.Constant(TensorData.From<float>([from, to], matrix), "means");
            x = g.OnLastAxis(x, axis, t => MatrixProduct.Of(g, t, weights));
        }
        return x;
    }

    /// <summary>The maxima of an image's windows.</summary>
    public static Tensor Maximum(GraphEmitter g, Tensor x, int[] sizes)
    {
        if (sizes.All(static size => size == 1))
            return Pooling.Global(g, x, ReduceKind.Max);
        if (Regular(x, sizes) is { } window)
            return Pooling.Maximum(g, x, window);
        for (int i = 0; i < sizes.Length; i++)
        {
            int axis = 2 + i, from = x.Shape[axis], to = g.Listed(sizes[i]);
            Tensor image = x;
            if (from != to)
                x = g.Concat(axis, [.. Enumerable.Range(0, to).Select(place =>
                {
                    (int start, int end) = Reach(place, from, to);
                    return g.Reduce(ReduceKind.Max, g.SliceAxis(image, axis, start, end - start), [axis], true);
                })]);
        }
        return x;
    }

    /// <summary>Windows of one size where the sizes divide; null where they do not.</summary>
    private static WindowOptions? Regular(Tensor x, int[] sizes)
    {
        int[] from = [.. x.Shape.Skip(2)];
        if (from.Where((size, i) => size == 0 || size % sizes[i] != 0).Any())
            return null;
        int[] kernel = [.. from.Select((size, i) => size / sizes[i])];
        return new() { Kernel = kernel, Strides = kernel };
    }

    private static (int Start, int End) Reach(int place, int from, int to) =>
        ((int)((long)place * from / to), (int)((((place + 1L) * from) + to - 1) / to));
}
