using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Float;

/// <summary>Real matrix products.</summary>
internal static class MatrixKernels
{
    public static PreparedKernel FullyConnected(NodeFacts facts)
    {
        var op = (FullyConnected)facts.Operator;
        Shape w = facts.Input(1).Shape, x = facts.Input(0).Shape;
        if (w.Rank != 2 || w[1] < 1 || x.ElementCount % w[1] != 0 || x.ElementCount / w[1] * w[0] != facts.Output.Shape.ElementCount)
            throw new KernelRefusedException($"Weights {w} do not suit input {x} and result {facts.Output.Shape}.");
        int units = w[0], depth = w[1];
        Taps weights = new(facts.Input(1), 1, units, depth);
        return new(frame =>
        {
            ReadOnlySpan<float> from = frame.Input<float>(0), bias = frame.Input<float>(2), taps = weights.Of(frame, 1);
            Span<float> to = frame.Output<float>();
            to.Clear();
            Products.Add(from, depth, depth, taps, to, units, units, units == 0 ? 0 : to.Length / units);
            for (int at = 0; at < to.Length; at += units)
            {
                Span<float> row = to.Slice(at, units);
                for (int unit = 0; unit < units; unit++)
                    row[unit] = FloatKernels.Clamp(row[unit] + (bias.IsEmpty ? 0 : bias[unit]), op.Activation);
            }
        }, weights.ScratchBytes);
    }

    public static PreparedKernel BatchMatMul(NodeFacts facts)
    {
        var op = (BatchMatMul)facts.Operator;
        Shape a = facts.Input(0).Shape, b = facts.Input(1).Shape, y = facts.Output.Shape;
        if (a.Rank < 2 || b.Rank < 2 || y.Rank < 2)
            throw new KernelRefusedException($"Operands {a} and {b} do not suit result {y}.");
        int m = y[-2], n = y[-1], k = op.AdjX ? a[-2] : a[-1];
        if (m != (op.AdjX ? a[-1] : a[-2]) || n != (op.AdjY ? b[-2] : b[-1]) || k != (op.AdjY ? b[-1] : b[-2]))
            throw new KernelRefusedException($"Operands {a} and {b} do not suit result {y}.");
        Shape batch = new(y.Sizes[..^2]);
        int[] leftBatch = IndexMap.Broadcast(new(a.Sizes[..^2]), batch), rightBatch = IndexMap.Broadcast(new(b.Sizes[..^2]), batch);
        return new(frame =>
        {
            ReadOnlySpan<float> left = frame.Input<float>(0), right = frame.Input<float>(1);
            Span<float> to = frame.Output<float>(), turned = frame.Scratch<float>();
            to.Clear();
            for (int i = 0; i < leftBatch.Length; i++)
            {
                ReadOnlySpan<float> p = left.Slice(leftBatch[i] * m * k, m * k), q = right.Slice(rightBatch[i] * k * n, k * n);
                if (op.AdjX)
                {
                    Products.Transpose(p, k, m, turned);
                    p = turned[..(m * k)];
                }
                if (op.AdjY)
                {
                    Products.Transpose(q, n, k, turned[(m * k)..]);
                    q = turned.Slice(m * k, k * n);
                }
                Products.Add(p, k, k, q, to.Slice(i * m * n, m * n), n, n, m);
            }
        }, op.AdjX || op.AdjY ? checked((m + n) * k * sizeof(float)) : 0);
    }
}
