using System.Numerics;
using System.Numerics.Tensors;
using EthosU.Graphs;
using Tensor = EthosU.Graphs.Tensor;

namespace EthosU.Interpreter.Integer;

/// <summary>SOFTMAX and LOG_SOFTMAX over the last axis (tflite-kernels 3.6).</summary>
internal static class SoftmaxKernels
{
    private static readonly short[] ExpTable = RealTable.Make(10f / 65535, 32767, 2f / 65535, 0, MathF.Exp);
    private static readonly short[] InverseTable = RealTable.Make(1f / 65535, -32768, 2f / 65535, 0, static v => 1 / (1 + v));

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
            var input = Multiplier.From((double)NodeFacts.Scale(x) * beta / (10.0 / 65535));
            return new(frame => Wide(frame.Input<short>(0), frame.Output<short>(), depth, input), 0);
        }
        var multiplier = Multiplier.From(Math.Min((double)beta * NodeFacts.Scale(x) * (1 << 26), int.MaxValue));
        if (multiplier.Shift < 0)
            throw new KernelRefusedException($"Its input's scale {NodeFacts.Scale(x)} is too small.");
        int least = -FixedPoint.InputRadius(5, multiplier.Shift);
        Func<int, int> exp = difference => FixedPoint.ExpOfNegative(multiplier.Apply(difference), 5);
        if (facts.Options.Path != KernelPath.Plain)
        {
            int[] table = [.. Enumerable.Range(0, 256).Select(steps => -steps >= least ? exp(-steps) : 0)];
            exp = difference => table[-difference];
        }
        return (facts.Operator, y.Type) switch
        {
            (Softmax, ElementType.Int8) => new(frame => Narrow(frame.Input<sbyte>(0), frame.Output<sbyte>(), depth, exp, least, 8)),
            (Softmax, ElementType.Int16) => new(frame => Narrow(frame.Input<sbyte>(0), frame.Output<short>(), depth, exp, least, 16)),
            (Unary, ElementType.Int8) => ForLog(depth, multiplier, least),
            _ => null,
        };
    }

    private static void Narrow<T>(ReadOnlySpan<sbyte> x, Span<T> y, int depth, Func<int, int> exp, int least, int bits) where T : unmanaged, IBinaryInteger<T>
    {
        int low = -1 << (bits - 1), high = ~low;
        for (int row = 0; row < y.Length; row += depth)
        {
            ReadOnlySpan<sbyte> values = x.Slice(row, depth);
            int max = TensorPrimitives.Max(values), sum = 0;
            foreach (sbyte value in values)
                if (value - max >= least)
                    sum += FixedPoint.DivideByPowerOfTwo(exp(value - max), 12);
            (int inverse, int shift) = FixedPoint.Reciprocal(sum, 12);
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
                results[i] = RealTable.LookUp(ExpTable, (short)FixedPoint.Saturate16(multiplier.Apply(values[i] - max) + 32767));
                sum += results[i];
            }
            int zeros = BitOperations.LeadingZeroCount((uint)sum);
            int shifted = (int)((((long)sum << (zeros - 1)) + (1 << 13)) >> 14);
            int inverse = RealTable.LookUp(InverseTable, (short)FixedPoint.Saturate16(shifted - 98304));
            for (int i = 0; i < depth; i++)
                results[i] = (short)Math.Clamp(((results[i] * inverse) + (1L << (30 - zeros))) >> (31 - zeros), 0, 32767);
        }
    }

    private static PreparedKernel ForLog(int depth, Multiplier multiplier, int least)
    {
        var inverse = Multiplier.From((double)(int)Math.Min(Math.ScaleB(1, 31 - multiplier.Shift), int.MaxValue) / multiplier.Value);
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
                        sum += FixedPoint.DivideByPowerOfTwo(FixedPoint.ExpOfNegative(multiplier.Apply(value - max), 5), 12);
                int log = FixedPoint.Log(sum);
                int threshold = Math.Max(least - 1, inverse.Apply(log - int.MinValue));
                for (int i = 0; i < depth; i++)
                {
                    int difference = values[i] - max;
                    y[row + i] = difference > threshold
                        ? (sbyte)Math.Clamp(FixedPoint.DivideByPowerOfTwo(multiplier.Apply(difference) - log, 22) + 127, sbyte.MinValue, sbyte.MaxValue)
                        : sbyte.MinValue;
                }
            }
        });
    }
}
