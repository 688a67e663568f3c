using EthosU.Graphs;
using EthosU.Npu.Indices;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>
/// Channels in another order, some of them left out or repeated: copies of what lies together, or, where little does, a 1×1 convolution
/// with ones (npu-operators 2.31).
/// </summary>
internal static class ChannelSelection
{
    /// <summary>A channel that is copied alone takes as many cycles as so many that lie together.</summary>
    private const int CyclesAlone = 8, LeastTogether = 8;

    private const int MultipliesPerCycle = 128, CyclesOfOperation = 200;
    private const long MostWeights = 1 << 21;

    /// <summary>Channel i of the target becomes channel <c>channels[i]</c> of the source; the other axes are equal.</summary>
    public static void Emit(LoweringContext context, Node node, View from, View to, int[] channels)
    {
        IndexRun[] runs = IndexRun.Of(channels);
        double pixels = from.ElementCount / (double)from.Sizes[^1], copies = runs.Sum(run => CyclesOfOperation + (pixels
            * (run is { Step: 1, FromStep: 1 } or { Count: 1 } ? Math.Max(run.Count, LeastTogether) : CyclesAlone * run.Count)));
        if (TryConvolve(context, node, from, to, channels, copies))
            return;
        foreach (IndexRun run in runs)
        {
            (View part, View place) = run.Of(from, from.Rank - 1, to);
            context.Copy(node, part, place);
        }
    }

    /// <summary>The convolution, if it is expected to take less than the cycles given.</summary>
    public static bool TryConvolve(LoweringContext context, Node node, View from, View to, int[] channels, double limit)
    {
        int depth = from.Sizes[^1];
        double pixels = from.ElementCount / (double)depth, products = Whole(depth) * (double)Whole(channels.Length);
        if (from.ElementBytes > 2 || depth * (long)channels.Length > MostWeights
            || CyclesOfOperation + (pixels * products / MultipliesPerCycle) + (products / LeastTogether) >= limit
            || Rows(context.WithChannels(node, from)) is not { } source)
            return false;
        View? direct = to.Strides[^1] == to.ElementBytes || channels.Length == 1 ? Rows(to) : null;
        View target = direct ?? context.Temporary(node, "channels", to.Type, [.. source.Sizes[..^1], channels.Length]);
        Convolve(context, node, source, target, channels);
        if (direct is null)
            context.Copy(node, target.TryReshape(to.Sizes.AsSpan())!, to);
        return true;
    }

    /// <summary>What copying costs where channels move alone, or with so many others.</summary>
    public static double CyclesOfCopy(long elements, int together) =>
        CyclesOfOperation + (together >= LeastTogether ? elements : elements * (double)CyclesAlone / together);

    private static long Whole(int channels) => (channels + 7) / 8 * 8;

    /// <summary>All axes but the channels as rows and columns; null where they do not lie so.</summary>
    private static View? Rows(View view)
    {
        long pixels = view.ElementCount / view.Sizes[^1];
        int columns = view.Rank > 1 ? view.Sizes[^2] : 1;
        if (pixels / columns > Pointwise.MaxAxis || columns > Pointwise.MaxAxis)
            return null;
        View? rows = view.TryReshape([(int)(pixels / columns), columns, view.Sizes[^1]]);
        return rows is null || (rows.Sizes[2] > 1 && rows.Strides[2] != rows.ElementBytes) ? null : rows;
    }

    private static void Convolve(LoweringContext context, Node node, View from, View to, int[] channels)
    {
        int depth = from.Sizes[2];
        var filter = new short[channels.Length * depth];
        for (int i = 0; i < channels.Length; i++)
            filter[(i * depth) + channels[i]] = 1;
        var scales = new FixedPointScale[channels.Length];
        Array.Fill(scales, FixedPointScale.One);
        ActivationRange range = ActivationRange.Of(to.Type);
        context.Emit(new(NpuOpKind.Convolution, from.ToFeatureMap(), to.ToFeatureMap())
        {
            Node = node,
            Weights = new(filter, channels.Length, 1, 1, depth, new long[channels.Length], scales),
            Rounding = NpuRounding.Natural,
            ClampMin = range.Min,
            ClampMax = range.Max,
        });
    }
}
