using System.Numerics.Tensors;
using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Float;

/// <summary>Real activations that look at a whole row of the last axis.</summary>
internal static class ActivationKernels
{
    public static PreparedKernel Softmax(NodeFacts facts)
    {
        float beta = ((Softmax)facts.Operator).Beta;
        return Rows(facts, row =>
        {
            float max = TensorPrimitives.Max<float>(row), sum = 0;
            foreach (ref float value in row)
                sum += value = Elementary.Exp((value - max) * beta);
            TensorPrimitives.Divide(row, sum, row);
        });
    }

    public static PreparedKernel LogSoftmax(NodeFacts facts) => Rows(facts, static row =>
    {
        float max = TensorPrimitives.Max<float>(row);
        double sum = 0;
        foreach (float value in row)
            sum += Elementary.Exp((double)value - max);
        TensorPrimitives.Subtract(row, max + (float)Elementary.Log(sum), row);
    });

    public static PreparedKernel L2Normalization(NodeFacts facts) => Rows(facts, static row =>
        TensorPrimitives.Divide(row, MathF.Sqrt(Math.Max(SumOfSquares(row), 1e-6f)), row));

    public static PreparedKernel LocalResponseNormalization(NodeFacts facts)
    {
        var op = (LocalResponseNormalization)facts.Operator;
        int length = Length(facts);
        return new(frame =>
        {
            ReadOnlySpan<float> from = frame.Input<float>(0);
            Span<float> to = frame.Output<float>();
            for (int start = 0; start < to.Length; start += length)
            {
                ReadOnlySpan<float> x = from.Slice(start, length);
                for (int c = 0; c < length; c++)
                {
                    int low = Math.Max(0, c - op.Radius), high = Math.Min(length, c + op.Radius + 1);
                    to[start + c] = x[c] * Elementary.Pow(op.Bias + (op.Alpha * SumOfSquares(x[low..high])), -op.Beta);
                }
            }
        });
    }

    private delegate void RowChange(Span<float> row);

    private static PreparedKernel Rows(NodeFacts facts, RowChange change)
    {
        int length = Length(facts);
        return new(frame =>
        {
            Span<float> to = frame.Output<float>();
            frame.Input<float>(0).CopyTo(to);
            for (int start = 0; start < to.Length; start += length)
                change(to.Slice(start, length));
        });
    }

    private static int Length(NodeFacts facts)
    {
        Shape x = facts.Input(0).Shape;
        return x.Rank > 0 && x == facts.Output.Shape ? x[-1]
            : throw new KernelRefusedException($"Input {x} and result {facts.Output.Shape} do not suit each other.");
    }

    private static float SumOfSquares(ReadOnlySpan<float> values)
    {
        float sum = 0;
        foreach (float value in values)
            sum += value * value;
        return sum;
    }
}
