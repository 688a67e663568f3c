using System.Numerics;
using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>TOPK_V2 of stored values over the last axis; the lower index first among equals.</summary>
internal static class TopKKernels
{
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        Tensor x = facts.Input(0), y = facts.Output;
        if (facts.Node.Outputs.Length != 2 || facts.Node.Outputs[1].Type != ElementType.Int32 || y.Type != x.Type)
            return null;
        int length = x.Shape[-1], k = y.Shape[-1];
        if (k > length)
            throw new KernelRefusedException($"{k} values are asked of {length}.");
        return x.Type == ElementType.Int8
            ? new(frame => Run<sbyte>(frame, length, k), checked(length * sizeof(int)))
            : new(frame => Run<short>(frame, length, k), checked(length * sizeof(int)));
    }

    private static void Run<T>(Frame frame, int length, int k) where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<T> x = frame.Input<T>(0);
        Span<T> y = frame.Output<T>();
        Span<int> indices = frame.Output<int>(1), order = frame.Scratch<int>()[..length];
        for (int row = 0; row * k < y.Length; row++)
        {
            ReadOnlySpan<T> values = x.Slice(row * length, length);
            for (int i = 0; i < length; i++)
                order[i] = i;
            for (int i = 0; i < k; i++)
            {
                int best = i;
                for (int j = i + 1; j < length; j++)
                    if (values[order[j]] > values[order[best]] || (values[order[j]] == values[order[best]] && order[j] < order[best]))
                        best = j;
                (order[i], order[best]) = (order[best], order[i]);
                (y[(row * k) + i], indices[(row * k) + i]) = (values[order[i]], order[i]);
            }
        }
    }
}
