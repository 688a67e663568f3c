using System.Numerics;
using System.Numerics.Tensors;
using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;
using Tensor = EthosU.Graphs.Tensor;

namespace EthosU.Interpreter.Integer;

/// <summary>BATCH_MATMUL of int8 and int16 operands (tflite-kernels 3.2).</summary>
internal static class BatchMatMulKernels
{
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        var op = (BatchMatMul)facts.Operator;
        Tensor x = facts.Input(0), w = facts.Input(1), y = facts.Output;
        if (w.Type != x.Type || y.Type != x.Type)
            return null;
        Shape a = x.Shape, b = w.Shape;
        int m = y.Shape[-2], n = y.Shape[-1], k = op.AdjX ? a[-2] : a[-1];
        if (m != (op.AdjX ? a[-1] : a[-2]) || n != (op.AdjY ? b[-2] : b[-1]) || k != (op.AdjY ? b[-1] : b[-2]))
            throw new KernelRefusedException($"Operands {a} and {b} do not suit result {y.Shape}.");
        Shape batch = new(y.Shape.Sizes[..^2]);
        Sizes sizes = new(m, n, k, op.AdjX, op.AdjY, IndexMap.Broadcast(new(a.Sizes[..^2]), batch),
            IndexMap.Broadcast(new(b.Sizes[..^2]), batch));
        double factor = (double)NodeFacts.Scale(x) * NodeFacts.Scale(w) / NodeFacts.Scale(y);
        var multiplier = Multiplier.From(factor);
        (int zeroX, int zeroW, int zeroY) = (NodeFacts.ZeroPoint(x), NodeFacts.ZeroPoint(w), NodeFacts.ZeroPoint(y));
        int scratch = checked((m + n) * k * sizeof(int));
        Func<long, int> scale = x.Type == ElementType.Int8 ? sum => multiplier.Apply((int)sum) + zeroY : multiplier.ApplyWide;
        bool narrow = facts.Options.Path != KernelPath.Plain && k <= int.MaxValue / (byte.MaxValue * byte.MaxValue); // sums fit 32 bits
        return x.Type == ElementType.Int8
            ? new(frame => Run<sbyte>(frame, sizes, zeroX, zeroW, scale, narrow), scratch)
            : multiplier.Shift < 8
            ? new(frame => Run<short>(frame, sizes, zeroX, zeroW, scale, false), scratch)
            : throw new KernelRefusedException($"The quotient of its scales, {factor:G4}, is too large for 64-bit sums.");
    }

    private static void Run<T>(Frame frame, Sizes s, int zeroX, int zeroW, Func<long, int> scale, bool narrow)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        ReadOnlySpan<T> x = frame.Input<T>(0), w = frame.Input<T>(1);
        Span<T> y = frame.Output<T>();
        Span<int> rows = frame.Scratch<int>()[..(s.M * s.K)], columns = frame.Scratch<int>().Slice(s.M * s.K, s.N * s.K);
        for (int i = 0; i < s.BatchX.Length; i++)
        {
            Rows(x.Slice(s.BatchX[i] * s.M * s.K, s.M * s.K), s.M, s.K, s.AdjX, zeroX, rows);
            Rows(w.Slice(s.BatchW[i] * s.N * s.K, s.N * s.K), s.N, s.K, !s.AdjY, zeroW, columns);
            for (int m = 0; m < s.M; m++)
                for (int n = 0; n < s.N; n++)
                {
                    ReadOnlySpan<int> row = rows.Slice(m * s.K, s.K), column = columns.Slice(n * s.K, s.K);
                    long sum = 0;
                    if (narrow)
                        sum = TensorPrimitives.Dot(row, column);
                    for (int k = narrow ? row.Length : 0; k < row.Length; k++)
                        sum += (long)row[k] * column[k];
                    y[(((i * s.M) + m) * s.N) + n] =
                        T.CreateTruncating(Math.Clamp(scale(sum), int.CreateTruncating(T.MinValue), int.CreateTruncating(T.MaxValue)));
                }
        }
    }

    /// <summary>A matrix as rows of depth <paramref name="k"/> without its zero point.</summary>
    private static void Rows<T>(ReadOnlySpan<T> matrix, int rows, int k, bool transposed, int zero, Span<int> result)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int row = 0; row < rows; row++)
            for (int i = 0; i < k; i++)
                result[(row * k) + i] = int.CreateTruncating(matrix[transposed ? (i * rows) + row : (row * k) + i]) - zero;
    }

    private readonly record struct Sizes(int M, int N, int K, bool AdjX, bool AdjY, int[] BatchX, int[] BatchW);
}
