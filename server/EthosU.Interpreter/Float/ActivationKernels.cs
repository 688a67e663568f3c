using System.Numerics.Tensors;
using EthosU.Graphs;

namespace EthosU.Interpreter.Float;

/// <summary>Real activations that look at a whole row of the last axis.</summary>
internal static class ActivationKernels
{
    public static TensorData[] Softmax(KernelCall call)
    {
        float beta = ((Softmax)call.Node.Operator).Beta;
        return Rows(call, row =>
        {
            float max = TensorPrimitives.Max<float>(row);
            for (int i = 0; i < row.Length; i++)
                row[i] = MathF.Exp((row[i] - max) * beta);
            TensorPrimitives.Divide(row, TensorPrimitives.Sum<float>(row), row);
        });
    }

    public static TensorData[] LogSoftmax(KernelCall call) => Rows(call, row =>
    {
        float max = TensorPrimitives.Max<float>(row);
        double sum = 0;
        foreach (float value in row)
            sum += Math.Exp(value - max);
        TensorPrimitives.Subtract(row, max + (float)Math.Log(sum), row);
    });

    public static TensorData[] L2Normalization(KernelCall call) => Rows(call, row =>
        TensorPrimitives.Divide(row, MathF.Sqrt(Math.Max(TensorPrimitives.SumOfSquares<float>(row), 1e-6f)), row));

    public static TensorData[] LocalResponseNormalization(KernelCall call)
    {
        var op = (LocalResponseNormalization)call.Node.Operator;
        return Rows(call, row =>
        {
            float[] x = row.ToArray();
            for (int c = 0; c < x.Length; c++)
            {
                int low = Math.Max(0, c - op.Radius), high = Math.Min(x.Length, c + op.Radius + 1);
                row[c] = x[c] * MathF.Pow(op.Bias + (op.Alpha * TensorPrimitives.SumOfSquares<float>(x.AsSpan(low, high - low))), -op.Beta);
            }
        });
    }

    private delegate void RowChange(Span<float> row);

    private static TensorData[] Rows(KernelCall call, RowChange change)
    {
        float[] values = call[0].AsSpan<float>().ToArray();
        int length = call[0].Shape[-1];
        for (int start = 0; start < values.Length; start += length)
            change(values.AsSpan(start, length));
        return [call.Result(values)];
    }
}
