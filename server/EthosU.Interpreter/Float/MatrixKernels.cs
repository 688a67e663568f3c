using System.Numerics.Tensors;
using EthosU.Graphs;
using EthosU.Interpreter.Movement;

namespace EthosU.Interpreter.Float;

/// <summary>Real matrix products.</summary>
internal static class MatrixKernels
{
    public static TensorData[] FullyConnected(KernelCall call)
    {
        var op = (FullyConnected)call.Node.Operator;
        int units = call[1].Shape[0], depth = call[1].Shape[1], rows = checked((int)(call[0].Shape.ElementCount / depth));
        ReadOnlySpan<float> x = call[0].AsSpan<float>(), w = call[1].AsSpan<float>();
        ReadOnlySpan<float> bias = call.TryInput(2) is { } b ? b.AsSpan<float>() : default;
        float[] result = new float[rows * units];
        for (int row = 0; row < rows; row++)
            for (int unit = 0; unit < units; unit++)
                result[(row * units) + unit] = FloatKernels.Clamp(
                    TensorPrimitives.Dot(x.Slice(row * depth, depth), w.Slice(unit * depth, depth)) + (bias.IsEmpty ? 0 : bias[unit]), op.Activation);
        return [call.Result(result)];
    }

    public static TensorData[] BatchMatMul(KernelCall call)
    {
        var op = (BatchMatMul)call.Node.Operator;
        Shape a = call[0].Shape, b = call[1].Shape, y = call.Output.Shape;
        int m = y[-2], n = y[-1], k = op.AdjX ? a[-2] : a[-1];
        ReadOnlySpan<float> left = call[0].AsSpan<float>(), right = call[1].AsSpan<float>();
        Shape batch = new(y.Sizes[..^2]);
        int[] leftBatch = IndexMap.Broadcast(new(a.Sizes[..^2]), batch), rightBatch = IndexMap.Broadcast(new(b.Sizes[..^2]), batch);
        float[] result = new float[y.ElementCount], row = new float[k], columns = new float[n * k];
        for (int i = 0; i < leftBatch.Length; i++)
        {
            ReadOnlySpan<float> p = left.Slice(leftBatch[i] * m * k, m * k), q = right.Slice(rightBatch[i] * k * n, k * n);
            for (int column = 0; column < n; column++)
                for (int depth = 0; depth < k; depth++)
                    columns[(column * k) + depth] = op.AdjY ? q[(column * k) + depth] : q[(depth * n) + column];
            for (int r = 0; r < m; r++)
            {
                for (int depth = 0; depth < k; depth++)
                    row[depth] = op.AdjX ? p[(depth * m) + r] : p[(r * k) + depth];
                for (int column = 0; column < n; column++)
                    result[(((i * m) + r) * n) + column] = TensorPrimitives.Dot<float>(row, columns.AsSpan(column * k, k));
            }
        }
        return [call.Result(result)];
    }
}
