using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Operators;

/// <summary>Pools.</summary>
internal static class PoolImport
{
    private const string Maximum = "self, kernel_size, stride=[], padding=0, dilation=1, ceil_mode=False";
    private const string Average = "self, kernel_size, stride=[], padding=0, ceil_mode=False, count_include_pad=True";

    public static IEnumerable<OperatorImporter> Operators => Enumerable.Range(1, 3).SelectMany(static n => (OperatorImporter[])[
        new($"aten.max_pool{n}d.default", Maximum, c => Max(c, n, false)),
        new($"aten.max_pool{n}d_with_indices.default", Maximum, c => Max(c, n, true)),
        new($"aten.avg_pool{n}d.default", n == 1 ? Average : Average + ", divisor_override=None", c => Mean(c, n)),
        new($"aten.adaptive_avg_pool{n}d.default", "self, output_size", c => AdaptiveMean(c, n)),
        new($"aten._adaptive_avg_pool{n}d.default", "self, output_size", c => AdaptiveMean(c, n)),
        new($"aten.adaptive_max_pool{n}d.default", "self, output_size", c => AdaptiveMax(c, n)),
    ]).Concat([
        new("aten.max_unpool2d.default", "self, indices, output_size", Unpool),
        new("aten.lp_pool2d.default", "self, norm_type, kernel_size, stride=None, ceil_mode=False", static c => throw new
            UnsupportedOperatorException("An Lp pool cannot be expressed.", "Use nn.AvgPool2d.")),
    ]);

    private static WindowOptions Window(ProgramContext c, int spatial, bool dilated)
    {
        int[] kernel = ConvolutionImport.Each(c, "kernel_size", spatial), padding = ConvolutionImport.Each(c, "padding", spatial);
        return new()
        {
            Kernel = kernel,
            Strides = c.TryInts("stride") is null or [] ? kernel : ConvolutionImport.Each(c, "stride", spatial),
            Dilations = dilated ? ConvolutionImport.Each(c, "dilation", spatial) : null,
            Begin = padding,
            End = padding,
            CeilMode = c.Flag("ceil_mode"),
        };
    }

    private static void Max(ProgramContext c, int spatial, bool withIndices)
    {
        WindowOptions window = Window(c, spatial, dilated: true);
        if (withIndices && c.Wants(1))
        {
            if (spatial > 2)
                throw new UnsupportedOperatorException("Positions of maxima over three axes cannot be expressed.",
                    "Use the pool without return_indices.");
            (Tensor image, Func<Tensor, Tensor> back) = Batched(c, spatial);
            (Tensor values, Tensor positions) = MaximumPositions.Of(c, image, window);
            c.Result(back(values));
            c.Result(back(positions));
            return;
        }
        (Tensor x, Func<Tensor, Tensor> restored) = Batched(c, spatial);
        c.Result(restored(Pooling.Maximum(c, x, window)));
        c.NoResult();
    }

    private static void Mean(ProgramContext c, int spatial)
    {
        WindowOptions window = Window(c, spatial, dilated: false);
        int? divisor = spatial > 1 ? c.TryInt("divisor_override") : null;
        (Tensor x, Func<Tensor, Tensor> back) = Batched(c, spatial);
        if (divisor is not { } count)
        {
            c.Result(back(Pooling.Average(c, x, window, c.Flag("count_include_pad"))));
            return;
        }
        c.Result(back(Pooling.Sum(c, x, window, 1.0 / count)));
    }

    /// <summary>The images with a batch, and how the results lose it again where there is none.</summary>
    private static (Tensor Images, Func<Tensor, Tensor> Back) Batched(ProgramContext c, int spatial)
    {
        Tensor x = c.Tensor("self");
        return x.Shape.Rank == spatial + 2 ? (x, static y => y)
            : x.Shape.Rank == spatial + 1 ? (c.Reshape(x, [1, .. x.Shape]), y => c.Reshape(y, y.Shape.Without(0)))
            : throw new UnsupportedOperatorException($"{x.Shape} does not suit a pool over {spatial} axes.", "Check the exported program.");
    }

    private static int[] Sizes(ProgramContext c, Shape image, int spatial)
    {
        int[] sizes = ConvolutionImport.Each(c, "output_size", spatial);
        return [.. sizes.Select((size, i) => size > 0 ? c.Listed(size) : throw new UnsupportedOperatorException(
            $"A pool of {image} to {size} is not possible.", "Give a size above 0."))];
    }

    private static void AdaptiveMean(ProgramContext c, int spatial)
    {
        (Tensor x, Func<Tensor, Tensor> back) = Batched(c, spatial);
        c.Result(back(AdaptivePooling.Average(c, c.Cast(x, ElementType.Float32), Sizes(c, x.Shape, spatial))));
    }

    private static void AdaptiveMax(ProgramContext c, int spatial)
    {
        (Tensor x, Func<Tensor, Tensor> back) = Batched(c, spatial);
        c.Result(back(AdaptivePooling.Maximum(c, x, Sizes(c, x.Shape, spatial))));
        c.NoResult();
    }

    /// <summary>Values put back where they were the maxima; windows that overlap put the same value there.</summary>
    private static void Unpool(ProgramContext c)
    {
        (Tensor x, Func<Tensor, Tensor> back) = Batched(c, 2);
        (int n, int channels) = (x.Shape[0], x.Shape[1]);
        int[] size = ConvolutionImport.Each(c, "output_size", 2);
        if (Factor(c, x.Shape, size) is { } factor)
        {
            c.Result(back(Spread(c, x, c.Reshape(c.Tensor("indices", ElementType.Int32), x.Shape), factor)));
            return;
        }
        int pixels = c.Listed((long)size[0] * size[1]), count = checked((int)x.Shape.ElementCount), planes = checked(n * channels);
        Tensor places = c.Reshape(c.Tensor("indices", ElementType.Int32), [planes, count / planes]);
        Tensor offsets = c.Constant(TensorData.From<int>([planes, 1], [.. Enumerable.Range(0, planes).Select(i => checked(i * pixels))]));
        Tensor flat = c.Reshape(c.Add(places, offsets), [count, 1]), shape = c.Integers(checked(planes * pixels));
        float[] ones = new float[count];
        ones.AsSpan().Fill(1);
        Tensor sum = c.Emit(new ScatterNd(), flat, c.Reshape(x, [count]), shape);
        Tensor hits = c.Emit(new ScatterNd(), flat, c.Constant(TensorData.From<float>([count], ones)), shape);
        Tensor mean = c.Binary(BinaryKind.Div, sum, c.Binary(BinaryKind.Maximum, hits, c.Scalar(1f)));
        c.Result(back(c.Reshape(mean, [n, channels, size[0], size[1]])));
    }

    /// <summary>
    /// By how much the image grows, where windows do not overlap: the indices come from a pool that moves as far as it reaches.
    /// </summary>
    private static int[]? Factor(ProgramContext c, Shape small, int[] size)
    {
        if (c.Arg("indices") is not Argument.TensorValue indices || c.Scope.Uses.Maker(indices.Name) is not { } pool
            || !pool.Target.StartsWith("aten.max_pool2d_with_indices.", StringComparison.Ordinal)
            || pool.Inputs.Any(static input => input.Name is not ("self" or "kernel_size" or "stride"))
            || List("kernel_size") is not { Count: 2 } kernel
            || !kernel.SequenceEqual(List("stride") is { Count: > 0 } stride ? stride : kernel))
            return null;
        int[] factor = [.. kernel.Select(static k => (int)Math.Clamp(k, 1, int.MaxValue))];
        return (long)small[2] * factor[0] == size[0] && (long)small[3] * factor[1] == size[1] ? factor : null;

        IReadOnlyList<long>? List(string name) =>
            pool.Inputs.FirstOrDefault(input => input.Name == name)?.Value is Argument.IntegerList list ? list.Values : null;
    }

    /// <summary>Each value over its window, and 0 where it was not.</summary>
    private static Tensor Spread(ProgramContext c, Tensor x, Tensor places, int[] factor)
    {
        Tensor wide = Wide(x), where = Wide(places);
        int pixels = c.Listed((long)wide.Shape[2] * wide.Shape[3]);
        Tensor own = c.Constant(TensorData.From<int>([1, 1, wide.Shape[2], wide.Shape[3]], [.. Enumerable.Range(0, pixels)]));
        return c.Emit(new SelectV2(), c.Emit(new Compare(CompareKind.Equal), where, own), wide, c.Literal(0, wide.Type));

        Tensor Wide(Tensor t) => Movement.RepeatEach(c, Movement.RepeatEach(c, t, 2, factor[0]), 3, factor[1]);
    }
}
