using System.Numerics;
using System.Numerics.Tensors;
using EthosU.Graphs;

namespace EthosU.Interpreter.Geometry;

/// <summary>Two operands broadcast to a result, as rows in which each operand moves along by one element or stands still.</summary>
internal sealed class BroadcastPlan
{
    private readonly int[] first, second;
    private readonly int length, firstStep, secondStep;

    public BroadcastPlan(Shape x, Shape y, Shape result)
    {
        if (!Shape.TryBroadcast(x, y, out Shape common) || common != result)
            throw new KernelRefusedException($"Operands {x} and {y} do not broadcast to {result}.");
        Shape a = Padded(x, result.Rank), b = Padded(y, result.Rank);
        int axis = result.Rank;
        long run = 1;
        (firstStep, secondStep) = (-1, -1);
        while (axis > 0 && Fits(a[axis - 1], result[axis - 1], ref firstStep) && Fits(b[axis - 1], result[axis - 1], ref secondStep))
            run *= result[--axis];
        length = checked((int)run);
        Shape outer = new(result.Sizes[..axis]);
        first = Offsets(a, outer, axis);
        second = Offsets(b, outer, axis);
        (firstStep, secondStep) = (Math.Max(firstStep, 0), Math.Max(secondStep, 0));
    }

    public void Run<TX, TY, TResult, TFormula>(ReadOnlySpan<TX> x, ReadOnlySpan<TY> y, Span<TResult> result, TFormula formula)
        where TX : unmanaged, IBinaryInteger<TX>
        where TY : unmanaged, IBinaryInteger<TY>
        where TResult : unmanaged, IBinaryInteger<TResult>
        where TFormula : struct, IBinaryFormula
    {
        for (int row = 0; row < first.Length; row++)
        {
            ReadOnlySpan<TX> a = x.Slice(first[row], firstStep == 0 ? Math.Min(length, 1) : length);
            ReadOnlySpan<TY> b = y.Slice(second[row], secondStep == 0 ? Math.Min(length, 1) : length);
            Span<TResult> to = result.Slice(row * length, length);
            for (int i = 0; i < to.Length; i++)
                to[i] = TResult.CreateTruncating(formula
                    .Apply(int.CreateTruncating(a[i * firstStep]), int.CreateTruncating(b[i * secondStep])));
        }
    }

    /// <summary>The same for operators given as functions.</summary>
    public void Run<TIn, TOut>(ReadOnlySpan<TIn> x, ReadOnlySpan<TIn> y, Span<TOut> result, Func<TIn, TIn, TOut> function)
        where TIn : unmanaged where TOut : unmanaged
    {
        for (int row = 0; row < first.Length; row++)
        {
            Span<TOut> to = result.Slice(row * length, length);
            for (int i = 0; i < to.Length; i++)
                to[i] = function(x[first[row] + (i * firstStep)], y[second[row] + (i * secondStep)]);
        }
    }

    /// <summary>The same for reals; the common operators run on vectors, whose bits are those of the formula.</summary>
    public void RunReals(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, BinaryKind kind)
    {
        bool common = kind is BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Div;
        for (int row = 0; row < first.Length; row++)
        {
            Span<float> to = result.Slice(row * length, length);
            if (!common || firstStep + secondStep == 0)
            {
                for (int i = 0; i < to.Length; i++)
                    to[i] = RealBinary.Apply(kind, x[first[row] + (i * firstStep)], y[second[row] + (i * secondStep)]);
                continue;
            }
            if (firstStep == 0)
                ScalarFirst(kind, x[first[row]], y.Slice(second[row], length), to);
            else if (secondStep == 0)
                ScalarSecond(kind, x.Slice(first[row], length), y[second[row]], to);
            else
                Spans(kind, x.Slice(first[row], length), y.Slice(second[row], length), to);
        }
    }

    private static void Spans(BinaryKind kind, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to)
    {
        switch (kind)
        {
            case BinaryKind.Add:
                TensorPrimitives.Add(x, y, to);
                break;
            case BinaryKind.Sub:
                TensorPrimitives.Subtract(x, y, to);
                break;
            case BinaryKind.Mul:
                TensorPrimitives.Multiply(x, y, to);
                break;
            default:
                TensorPrimitives.Divide(x, y, to);
                break;
        }
    }

    private static void ScalarFirst(BinaryKind kind, float x, ReadOnlySpan<float> y, Span<float> to)
    {
        switch (kind)
        {
            case BinaryKind.Add:
                TensorPrimitives.Add(y, x, to);
                break;
            case BinaryKind.Sub:
                TensorPrimitives.Subtract(x, y, to);
                break;
            case BinaryKind.Mul:
                TensorPrimitives.Multiply(y, x, to);
                break;
            default:
                TensorPrimitives.Divide(x, y, to);
                break;
        }
    }

    private static void ScalarSecond(BinaryKind kind, ReadOnlySpan<float> x, float y, Span<float> to)
    {
        switch (kind)
        {
            case BinaryKind.Add:
                TensorPrimitives.Add(x, y, to);
                break;
            case BinaryKind.Sub:
                TensorPrimitives.Subtract(x, y, to);
                break;
            case BinaryKind.Mul:
                TensorPrimitives.Multiply(x, y, to);
                break;
            default:
                TensorPrimitives.Divide(x, y, to);
                break;
        }
    }

    /// <summary>Whether an axis can join the inner run; the step is set by the first axis longer than 1.</summary>
    private static bool Fits(int own, int size, ref int step)
    {
        if (size == 1)
            return true;
        int wanted = own == 1 ? 0 : 1;
        if (step >= 0 && step != wanted)
            return false;
        step = wanted;
        return true;
    }

    private static int[] Offsets(Shape operand, Shape outer, int axis)
    {
        var own = operand.Strides();
        var strides = new long[axis];
        for (int i = 0; i < axis; i++)
            strides[i] = operand[i] == 1 ? 0 : own[i];
        return IndexMap.FromStrides(outer, strides);
    }

    private static Shape Padded(Shape shape, int rank) => new([.. Enumerable.Repeat(1, rank - shape.Rank), .. shape]);
}
