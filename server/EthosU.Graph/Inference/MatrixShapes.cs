namespace EthosU.Graphs;

/// <summary>FULLY_CONNECTED and BATCH_MATMUL.</summary>
internal static class MatrixShapes
{
    public static TensorType Infer(Operator op, Operands x)
    {
        if (op is FullyConnected full)
        {
            Tensor input = x[0], weights = x.Ranked(1, 2);
            int units = weights.Shape[0], depth = weights.Shape[1];
            if (x.Try(2) is { } bias && bias.Shape.ElementCount != units)
                throw x.Error($"bias {bias.Shape} does not have {units} values");
            if (depth == 0 || input.Shape.ElementCount % depth != 0)
                throw x.Error($"weights {weights.Shape} do not suit input {input.Shape}");
            if (!full.KeepNumDims)
                return new(input.Type, [checked((int)(input.Shape.ElementCount / depth)), units]);
            if (input.Shape.Rank == 0 || input.Shape[-1] != depth)
                throw x.Error($"weights {weights.Shape} do not suit input {input.Shape}");
            return new(input.Type, input.Shape.With(-1, units));
        }

        BatchMatMul matmul = (BatchMatMul)op;
        Shape a = x.Shape(0), b = x.Shape(1);
        if (a.Rank < 2 || b.Rank < 2)
            throw x.Error($"operands {a} and {b} need two axes at least");
        (int m, int k) = matmul.AdjX ? (a[-1], a[-2]) : (a[-2], a[-1]);
        (int k2, int n) = matmul.AdjY ? (b[-1], b[-2]) : (b[-2], b[-1]);
        if (k != k2 || !Shape.TryBroadcast(new(a.Sizes[..^2]), new(b.Sizes[..^2]), out Shape batch))
            throw x.Error($"operands {a} and {b} do not suit each other");
        return new(x[0].Type, new([.. batch.Sizes, m, n]));
    }
}
