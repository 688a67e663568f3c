using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>Products of two activations: BATCH_MATMUL and FULLY_CONNECTED with weights that are computed (npu-operators 2.26).</summary>
internal static class MatrixProductLowering
{
    public static void Lower(LoweringContext context, Node node, BatchMatMul op)
    {
        Tensor first = node.Input(0), second = node.Input(1), output = node.Output;
        int rank = Math.Max(3, output.Shape.Rank);
        View a = context[first].WithRank(rank), b = context[second].WithRank(rank), y = context[output].WithRank(rank);
        int[] swap = [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];
        // Both with the summed axis last: [.., rows, k] and [.., columns, k].
        a = op.AdjX ? a.Permute(swap) : a;
        b = op.AdjY ? b : b.Permute(swap);
        a = context.WithChannels(node, a);
        b = context.WithChannels(node, b);
        FixedPointScale scale =
            FixedPointScale.From((double)first.Quantization!.Scale * second.Quantization!.Scale / output.Quantization!.Scale);
        Product product =
            new(context, node, scale, first.Quantization.ZeroPoint, second.Quantization.ZeroPoint, output.Quantization.ZeroPoint,
            ActivationRange.Of(output.Type));
        int[] batch = [.. y.Sizes.Take(rank - 2)];
        var position = new int[batch.Length];
        for (long i = 0, count = batch.Aggregate(1L, (n, size) => n * size); i < count; i++)
        {
            long rest = i;
            for (int axis = batch.Length - 1; axis >= 0; axis--)
            {
                position[axis] = (int)(rest % batch[axis]);
                rest /= batch[axis];
            }
            product.Emit(At(a, position), At(b, position), At(y, position));
        }
    }

    /// <summary>Rows [n, k] times the rows of the weights [units, k].</summary>
    public static void LowerDynamic(LoweringContext context, Node node, View x, FullyConnected op)
    {
        Tensor input = node.Input(0), weights = node.Input(1), output = node.Output;
        int units = weights.Shape[0], depth = x.Sizes[1], rows = x.Sizes[0];
        View w = context.Reshape(node, context[weights], units, depth);
        View y = context[output].TryReshape([rows, units])!;
        FixedPointScale scale =
            FixedPointScale.From((double)input.Quantization!.Scale * weights.Quantization!.Scale / output.Quantization!.Scale);
        ActivationRange range = ActivationRange.Of(op.Activation, output);
        int inputZero = input.Quantization.ZeroPoint, weightZero = weights.Quantization.ZeroPoint,
            outputZero = output.Quantization.ZeroPoint;
        if (node.TryInput(2) is not { } bias)
        {
            new Product(context, node, scale, inputZero, weightZero, outputZero, range)
                .Emit(context.WithChannels(node, x), context.WithChannels(node, w), y);
            return;
        }
        View sums = context.Temporary(node, "sums", ElementType.Int32, rows, units),
            biased = context.Temporary(node, "biased", ElementType.Int32, rows, units);
        new Product(context, node, FixedPointScale.One, inputZero, weightZero, 0, ActivationRange.Of(ElementType.Int32))
            .Emit(context.WithChannels(node, x), context.WithChannels(node, w), sums);
        context.Binary(new(ElementwiseMode.Add, node) { OfmScale = FixedPointScale.One }, sums, context[bias].WithRank(2), biased);
        IntegerScaling.Emit(context, node, biased, y, scale, outputZero, range);
    }

    private static View At(View view, int[] position)
    {
        for (int axis = 0; axis < position.Length; axis++)
            view = view.Select(0, view.Sizes[0] == 1 ? 0 : position[axis]);
        return view;
    }

    /// <summary>Rows [n, k] times rows [p, k] to [n, p], with one product and one sum for each row of the smaller one.</summary>
    private sealed record Product(
        LoweringContext Context, Node Node, FixedPointScale Scale, int FirstZero, int SecondZero, int OfmZero, ActivationRange Range)
    {
        public void Emit(View a, View b, View y)
        {
            bool byColumn = b.Sizes[0] <= a.Sizes[0];
            (View many, View few) = byColumn ? (a, b) : (b, a);
            BinaryTemplate multiply = new(ElementwiseMode.Mul, Node)
            {
                OfmScale = FixedPointScale.One,
                FirstZeroPoint = byColumn ? FirstZero : SecondZero,
                SecondZeroPoint = byColumn ? SecondZero : FirstZero,
            };
            View products = Context.Temporary(Node, "products", ElementType.Int32, many.Sizes[0], many.Sizes[1]);
            for (int i = 0; i < few.Sizes[0]; i++)
            {
                Context.Binary(multiply, many, few.Slice(0, i, 1), products);
                View target = byColumn ? y.Slice(1, i, 1) : y.Slice(0, i, 1).Permute([1, 0]);
                Context.Emit(new(NpuOpKind.ReduceSum, products.ToFeatureMap(), target.WithRank(3).ToFeatureMap())
                {
                    Node = Node,
                    OfmScale = Scale,
                    OfmZeroPoint = OfmZero,
                    ClampMin = Range.Min,
                    ClampMax = Range.Max,
                });
            }
        }
    }
}
