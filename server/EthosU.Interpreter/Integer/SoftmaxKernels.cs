using System.Numerics;
using System.Numerics.Tensors;
using EthosU.Arithmetic;
using EthosU.Graphs;
using Tensor = EthosU.Graphs.Tensor;

namespace EthosU.Interpreter.Integer;

/// <summary>SOFTMAX and LOG_SOFTMAX over the last axis (tflite-kernels 3.6).</summary>
internal static class SoftmaxKernels
{
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        Tensor x = facts.Input(0), y = facts.Output;
        if (x.Shape.Rank == 0 || x.Shape.ElementCount != y.Shape.ElementCount)
            throw new KernelRefusedException($"Input {x.Shape} and result {y.Shape} do not suit each other.");
        int depth = x.Shape[-1];
        float beta = facts.Operator is Softmax op ? op.Beta : 1;
        if (x.Type == ElementType.Int16)
        {
            if (facts.Operator is not Softmax || y.Type != ElementType.Int16)
                return null;
            var input = Multiplier.From(WideSoftmax.InputFactor(NodeFacts.Scale(x), beta));
            return new(frame => Wide(frame.Input<short>(0), frame.Output<short>(), depth, input), 0);
        }
        SoftmaxDistances distances = new((double)beta * NodeFacts.Scale(x));
        if (distances.Multiplier.Shift < 0)
            throw new KernelRefusedException($"Its input's scale {NodeFacts.Scale(x)} is too small.");
        int least = distances.Least;
        Func<int, int> exp = distances.Exp;
        if (facts.Options.Path != KernelPath.Plain)
        {
            int[] table = [.. Enumerable.Range(0, 256).Select(steps => -steps >= least ? exp(-steps) : 0)];
            exp = difference => table[-difference];
        }
        return (facts.Operator, y.Type) switch
        {
            (Softmax, ElementType.Int8) => new(frame => Narrow(frame.Input<sbyte>(0), frame.Output<sbyte>(), depth, exp, least, 8)),
            (Softmax, ElementType.Int16) => new(frame => Narrow(frame.Input<sbyte>(0), frame.Output<short>(), depth, exp, least, 16)),
            (Unary, ElementType.Int8) => ForLog(depth, distances),
            _ => null,
        };
    }

    private static void Narrow<T>(ReadOnlySpan<sbyte> x, Span<T> y, int depth, Func<int, int> exp, int least, int bits)
        where T : unmanaged, IBinaryInteger<T>
    {
        int low = -1 << (bits - 1), high = ~low;
        for (int row = 0; row < y.Length; row += depth)
        {
            ReadOnlySpan<sbyte> values = x.Slice(row, depth);
            int max = TensorPrimitives.Max(values), sum = 0;
            foreach (sbyte value in values)
                if (value - max >= least)
                    sum += SoftmaxDistances.Term(exp(value - max));
            (int inverse, int shift) = Reciprocal.Of(sum, SoftmaxDistances.SumBits);
            for (int i = 0; i < depth; i++)
            {
                int difference = values[i] - max, result = low;
                if (difference >= least)
                {
                    int product = FixedPoint.MultiplyHigh(inverse, exp(difference));
                    int right = shift + 31 - bits;
                    result = right > 31 ? low : Math.Clamp(FixedPoint.DivideByPowerOfTwo(product, right) + low, low, high);
                }
                y[row + i] = T.CreateTruncating(result);
            }
        }
    }

    private static void Wide(ReadOnlySpan<short> x, Span<short> y, int depth, Multiplier multiplier)
    {
        for (int row = 0; row < y.Length; row += depth)
        {
            ReadOnlySpan<short> values = x.Slice(row, depth);
            Span<short> results = y.Slice(row, depth);
            int max = TensorPrimitives.Max(values), sum = 0;
            for (int i = 0; i < depth; i++)
            {
                results[i] = RealTable.LookUp(WideSoftmax.Exp, (short)FixedPoint.Saturate16(multiplier.Apply(values[i] - max) + 32767));
                sum += results[i];
            }
            int zeros = BitOperations.LeadingZeroCount((uint)sum);
            int shifted = (int)((((long)sum << (zeros - 1)) + (1 << 13)) >> 14);
            int inverse = RealTable.LookUp(WideSoftmax.Inverse, (short)FixedPoint.Saturate16(shifted - 98304));
            for (int i = 0; i < depth; i++)
                results[i] = (short)Math.Clamp(((results[i] * inverse) + (1L << (30 - zeros))) >> (31 - zeros), 0, 32767);
        }
    }

    private static PreparedKernel ForLog(int depth, SoftmaxDistances distances)
    {
        Multiplier inverse = distances.Inverse;
        int least = distances.Least;
        return new(frame =>
        {
            ReadOnlySpan<sbyte> x = frame.Input<sbyte>(0);
            Span<sbyte> y = frame.Output<sbyte>();
            for (int row = 0; row < y.Length; row += depth)
            {
                ReadOnlySpan<sbyte> values = x.Slice(row, depth);
                int max = TensorPrimitives.Max(values), sum = 0;
                foreach (sbyte value in values)
                    if (value - max >= least)
                        sum += SoftmaxDistances.Term(distances.Exp(value - max));
                int log = Logarithm.OfSum(sum);
                int threshold = Math.Max(least - 1, inverse.Apply(log - int.MinValue));
                for (int i = 0; i < depth; i++)
                {
                    int difference = values[i] - max, result = sbyte.MinValue;
                    if (difference > threshold)
                        result = FixedPoint.DivideByPowerOfTwo(distances.Scaled(difference) - log, 22) + 127;
                    y[row + i] = (sbyte)Math.Clamp(result, sbyte.MinValue, sbyte.MaxValue);
                }
            }
        });
    }
}
