using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Operators;

/// <summary>Normalizations.</summary>
internal static class NormalizationImport
{
    private const string Batch = "input, weight, bias, running_mean, running_var, training, momentum, eps";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.batch_norm.default", Batch + ", cudnn_enabled", static c => BatchNorm(c, c.Flag("training"), 0)),
        new("aten.native_batch_norm.default", Batch, static c => BatchNorm(c, c.Flag("training"), 2)),
        new("aten._native_batch_norm_legit.default", Batch, static c => BatchNorm(c, c.Flag("training"), 2)),
        new("aten._native_batch_norm_legit_functional.default", Batch, static c => BatchNorm(c, c.Flag("training"), 4)),
        new("aten._native_batch_norm_legit_no_training.default", "input, weight, bias, running_mean, running_var, momentum, eps",
            static c => BatchNorm(c, false, 2)),
        new("aten._native_batch_norm_legit.no_stats", "input, weight, bias, training, momentum, eps", OverBatch),
        new("aten.instance_norm.default",
            "input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled", InstanceNorm),
        new("aten.layer_norm.default", "input, normalized_shape, weight=None, bias=None, eps=1e-05, cudnn_enable=True", static c =>
            LayerNorm(c, false)),
        new("aten.native_layer_norm.default", "input, normalized_shape, weight, bias, eps", static c => LayerNorm(c, true)),
        new("aten.rms_norm.default", "input, normalized_shape, weight=None, eps=None", static c => RootMeanSquare(c, false)),
        new("aten._fused_rms_norm.default", "input, normalized_shape, weight, eps", static c => RootMeanSquare(c, true)),
        new("aten.group_norm.default", "input, num_groups, weight=None, bias=None, eps=1e-05, cudnn_enabled=True", static c =>
            c.Result(Groups(c, c.Real("input"), c.Int("num_groups")))),
        new("aten.native_group_norm.default", "input, weight, bias, N, C, HxW, group, eps", static c =>
        {
            c.Result(Groups(c, c.Real("input"), c.Int("group")));
            c.NoResult();
            c.NoResult();
        }),
        new("aten.cosine_similarity.default", "x1, x2, dim=1, eps=1e-08", Cosine),
        new("aten.pairwise_distance.default", "x1, x2, p=2, eps=1e-06, keepdim=False", Distance),
        new("aten._weight_norm.default", "v, g, dim=0", WeightNorm),
        new("aten._weight_norm_interface.default", "v, g, dim=0", static c =>
        {
            WeightNorm(c);
            c.NoResult();
        }),
    ];

    private static void BatchNorm(ProgramContext c, bool training, int others)
    {
        if (training || !c.Has("running_mean") || !c.Has("running_var"))
            throw Refusals.Training("batch normalization");
        Tensor x = c.Real("input"), mean = c.Real("running_mean"), variance = c.Real("running_var");
        Tensor? weight = c.TryReal("weight"), bias = c.TryReal("bias");
        if (x.Shape.Rank < 2)
            throw new UnsupportedOperatorException($"{x.Shape} is no batch of channels.", "Check the exported program.");
        int channels = x.Shape[1];
        float[]? numbers = Numbers(weight, channels, 1), offsets = Numbers(bias, channels, 0), means = Numbers(mean, channels, 0),
            variances = Numbers(variance, channels, 0);
        if (numbers is not null && offsets is not null && means is not null && variances is not null)
            c.Result(Normalization.Batch(c, x, new(numbers, offsets, means, variances, c.Float("eps"))));
        else
            c.Result(Normalization.Scaled(c, c.Mul(c.Sub(x, Wide(c, mean, x.Shape)),
                c.Unary(UnaryKind.Rsqrt, c.Add(Wide(c, variance, x.Shape), c.Scalar(c.Float("eps"))))), Channels(c, weight, x.Shape),
                Channels(c, bias, x.Shape)));
        for (int i = 0; i < others; i++)
            c.NoResult();
    }

    private static float[]? Numbers(Tensor? values, int channels, float otherwise) =>
        values is null ? [.. Enumerable.Repeat(otherwise, channels)] : values.Data?.ToFloatArray();

    private static Tensor Wide(ProgramContext c, Tensor values, Shape image) =>
        c.Reshape(values, [.. Enumerable.Range(0, image.Rank).Select(axis => axis == 1 ? image[1] : 1)]);

    private static Tensor? Channels(ProgramContext c, Tensor? values, Shape image) => values is null ? null : Wide(c, values, image);

    /// <summary>Over all axes but the channels: what an instance normalization is taken apart to.</summary>
    private static void OverBatch(ProgramContext c)
    {
        Tensor x = c.Real("input");
        if (x.Shape.Rank < 2)
            throw new UnsupportedOperatorException($"{x.Shape} is no batch of channels.", "Check the exported program.");
        Tensor y = Normalization.OverAxes(c, x, [.. Enumerable.Range(0, x.Shape.Rank).Where(static axis => axis != 1)], c.Float("eps"));
        c.Result(Normalization.Scaled(c, y, Channels(c, c.TryReal("weight"), x.Shape), Channels(c, c.TryReal("bias"), x.Shape)));
        c.NoResult();
        c.NoResult();
    }

    private static void InstanceNorm(ProgramContext c)
    {
        if (c.Flag("use_input_stats"))
            c.Result(Normalization.Instance(c, c.Real("input"), c.TryReal("weight"), c.TryReal("bias"), c.Float("eps")));
        else
            BatchNorm(c, false, 0);
    }

    private static int FirstAxis(ProgramContext c, Tensor x)
    {
        int[] normalized = c.Ints("normalized_shape");
        int first = x.Shape.Rank - normalized.Length;
        return first >= 0 && normalized.Length > 0 && x.Shape.Skip(first).SequenceEqual(normalized) ? first
            : throw new UnsupportedOperatorException($"{x.Shape} does not end with [{string.Join(", ", normalized)}].",
                "Check the exported program.");
    }

    private static void LayerNorm(ProgramContext c, bool others)
    {
        Tensor x = c.Real("input");
        (Tensor y, Tensor mean, Tensor inverse) = Normalization.Layer(c, x, FirstAxis(c, x), c.TryReal("weight"), c.TryReal("bias"),
            c.Float("eps"));
        c.Result(y);
        if (!others)
            return;
        c.Result(mean);
        c.Result(inverse);
    }

    private static void RootMeanSquare(ProgramContext c, bool others)
    {
        Tensor x = c.Real("input");
        double epsilon = c.TryDouble("eps") ?? c.ScalarOf("input") switch
        {
            ScalarType.Float16 => 0.0009765625,
            ScalarType.BFloat16 => 0.0078125,
            ScalarType.Float64 => 2.220446049250313e-16,
            _ => 1.1920928955078125e-07,
        };
        c.Result(Normalization.RootMeanSquare(c, x, FirstAxis(c, x), c.TryReal("weight"), (float)epsilon));
        if (others)
            c.NoResult();
    }

    private static Tensor Groups(ProgramContext c, Tensor x, int groups) =>
        Normalization.Group(c, x, groups, c.TryReal("weight"), c.TryReal("bias"), c.Float("eps"));

    private static void Cosine(ProgramContext c)
    {
        Tensor a = c.Real("x1"), b = c.Real("x2");
        if (!Shape.TryBroadcast(a.Shape, b.Shape, out Shape shape))
            throw new UnsupportedOperatorException($"{a.Shape} and {b.Shape} do not broadcast.", "Check the exported program.");
        int axis = Axes.Of(c.Int("dim"), shape.Rank);
        float eps = c.Float("eps");
        (a, b) = (Movement.Expand(c, a, shape), Movement.Expand(c, b, shape));
        c.Result(c.Reduce(ReduceKind.Sum, c.Mul(Unit(a), Unit(b)), [axis], false));

        Tensor Unit(Tensor x) => c.Binary(BinaryKind.Div, x,
            c.Binary(BinaryKind.Maximum, ReductionImport.Norm(c, x, 2, [axis], true), c.Scalar(eps)));
    }

    private static void Distance(ProgramContext c)
    {
        Tensor difference = c.Add(c.Sub(c.Real("x1"), c.Real("x2")), c.Scalar(c.Float("eps")));
        c.Result(ReductionImport.Norm(c, difference, c.Double("p"), [difference.Shape.Rank - 1], c.Flag("keepdim")));
    }

    /// <summary>Weights by direction and length, along all axes but one.</summary>
    private static void WeightNorm(ProgramContext c)
    {
        Tensor v = c.Real("v"), length = c.Real("g");
        int dim = c.Int("dim"), kept = dim == -1 ? -1 : Axes.Of(dim, v.Shape.Rank);
        int[] axes = [.. Enumerable.Range(0, v.Shape.Rank).Where(axis => axis != kept)];
        c.Result(c.Mul(v, c.Binary(BinaryKind.Div, length, ReductionImport.Norm(c, v, 2, axes, true))));
    }
}
