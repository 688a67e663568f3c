using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>Operators of one operand, element by element (tflite-kernels 3.5); 8-bit ones by a table made once.</summary>
internal static class UnaryKernels
{
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        Tensor x = facts.Input(0), y = facts.Output;
        if (x.Type != y.Type || x.Shape.ElementCount != y.Shape.ElementCount)
            return null;
        bool narrow = x.Type == ElementType.Int8;
        Func<int, int>? formula = facts.Operator switch
        {
            LeakyRelu op => LeakyRelu(x, y, op.Alpha),
            Gelu op => Real(x, y, v => RealFunctions.Gelu(v, op.Approximate)),
            Unary op => Find(op.Kind, x, y, narrow),
            _ => null,
        };
        if (formula is null)
            return null;
        if (!narrow)
        {
            return new(frame =>
            {
                ReadOnlySpan<short> from = frame.Input<short>(0);
                Span<short> to = frame.Output<short>();
                for (int i = 0; i < to.Length; i++)
                    to[i] = (short)formula(from[i]);
            });
        }
        var table = new sbyte[256];
        Exception? undefined = null;
        for (int q = -128; q < 128; q++)
        {
            try
            {
                table[q & 255] = (sbyte)formula(q);
            }
            catch (ArgumentException e)
            {
                undefined = e; // matters only if such a value comes
            }
        }
        return undefined is null
            ? new(frame =>
            {
                ReadOnlySpan<sbyte> from = frame.Input<sbyte>(0);
                Span<sbyte> to = frame.Output<sbyte>();
                for (int i = 0; i < to.Length; i++)
                    to[i] = table[from[i] & 255];
            })
            : new(frame =>
            {
                ReadOnlySpan<sbyte> from = frame.Input<sbyte>(0);
                Span<sbyte> to = frame.Output<sbyte>();
                for (int i = 0; i < to.Length; i++)
                    to[i] = (sbyte)formula(from[i]);
            });
    }

    private static Func<int, int>? Find(UnaryKind kind, Tensor x, Tensor y, bool narrow)
    {
        int zeroX = NodeFacts.ZeroPoint(x), zeroY = NodeFacts.ZeroPoint(y);
        (int low, int high) = y.Type.IntegerRange();
        switch (kind)
        {
            case UnaryKind.Relu:
                return Clamped(x, y, Math.Max(low, zeroY), high);
            case UnaryKind.Relu6:
            {
                int six = NodeFacts.Stored(x, 6);
                return q => Math.Max(Math.Min(q, Math.Min(six, high)), zeroX);
            }
            case UnaryKind.ReluN1To1:
                return Clamped(x, y, Math.Max(low, NodeFacts.Stored(y, -1)), Math.Min(high, NodeFacts.Stored(y, 1)));
            case UnaryKind.Relu0To1:
                return Clamped(x, y, Math.Max(low, zeroY), Math.Min(high, NodeFacts.Stored(y, 1)));
            case UnaryKind.Abs:
            {
                bool same = NodeFacts.Scale(x) == NodeFacts.Scale(y);
                var multiplier = Multiplier.From((double)NodeFacts.Scale(x) / NodeFacts.Scale(y));
                return q => Math.Clamp((same ? Math.Abs(q - zeroX) : multiplier.Apply(Math.Abs(q - zeroX))) + zeroY, low, high);
            }
            case UnaryKind.Rsqrt:
                return ReciprocalSquareRoot(x, y);
            case UnaryKind.Sqrt:
            {
                float scaleX = NodeFacts.Scale(x), scaleY = NodeFacts.Scale(y);
                return q => (int)Math
                    .Clamp((double)MathF.Truncate(MathF.Sqrt(scaleX * Math.Max(q - zeroX, 0)) / scaleY) + zeroY, low, high);
            }
            case UnaryKind.HardSwish when narrow:
                return Offset(zeroX, zeroY, low, high, new HardSwish(NodeFacts.Scale(x), NodeFacts.Scale(y)).Apply);
            case UnaryKind.Logistic or UnaryKind.Tanh:
                {
                float scale = NodeFacts.Scale(x);
                bool tanh = kind == UnaryKind.Tanh;
                return narrow
                    ? Offset(zeroX, low, low, high, new NarrowSigmoid(scale, tanh).Apply)
                    : WideSigmoid.At(WideSigmoid.InputFactor(scale, tanh), tanh);
            }
            case UnaryKind.Elu when narrow:
                return Real(x, y, RealFunctions.Elu);
            case UnaryKind.Exp:
                return Real(x, y, Elementary.Exp);
            case UnaryKind.Log:
            {
                float least = NodeFacts.Affine(y).Real(low);
                return Real(x, y, v => RealFunctions.LogOr(v, least));
            }
            case UnaryKind.ZerosLike:
                return static _ => 0;
            default:
                return null;
        }
    }

    /// <summary>A table of a function of reals.</summary>
    private static Func<int, int> Real(Tensor x, Tensor y, Func<float, float> function)
    {
        AffineQuantization from = NodeFacts.Affine(x), to = NodeFacts.Affine(y);
        if (x.Type == ElementType.Int16)
        {
            short[] points = RealTable.Wide(from, to, function);
            return q => RealTable.LookUp(points, (short)q);
        }
        int[] table = RealTable.Narrow(from, sbyte.MinValue, to, sbyte.MinValue, sbyte.MaxValue, function);
        return q => table[q - sbyte.MinValue];
    }

    /// <summary>A function of values less their zero point.</summary>
    private static Func<int, int> Offset(int zeroX, int zeroY, int low, int high, Func<int, int> function) =>
        q => Math.Clamp(function(q - zeroX) + zeroY, low, high);

    private static Func<int, int> Clamped(Tensor x, Tensor y, int low, int high)
    {
        var multiplier = Multiplier.From((double)NodeFacts.Scale(x) / NodeFacts.Scale(y));
        int zeroX = NodeFacts.ZeroPoint(x), zeroY = NodeFacts.ZeroPoint(y);
        return q => Math.Max(Math.Min(multiplier.Apply(q - zeroX) + zeroY, high), low);
    }

    private static Func<int, int> LeakyRelu(Tensor x, Tensor y, float alpha)
    {
        double scaleX = NodeFacts.Scale(x), scaleY = NodeFacts.Scale(y);
        TwoSlopes slopes = new(scaleX / scaleY, scaleX * alpha / scaleY);
        (int low, int high) = y.Type.IntegerRange();
        int zeroX = NodeFacts.ZeroPoint(x), zeroY = NodeFacts.ZeroPoint(y);
        return q => Math.Clamp(slopes.Apply(q - zeroX) + zeroY, low, high);
    }

    private static Func<int, int> ReciprocalSquareRoot(Tensor x, Tensor y)
    {
        InverseSquareRoot root = new(NodeFacts.Scale(x), NodeFacts.Scale(y));
        int zeroX = NodeFacts.ZeroPoint(x), zeroY = NodeFacts.ZeroPoint(y);
        (int low, int high) = y.Type.IntegerRange();
        return q =>
        {
            int value = q - zeroX;
            if (value < 0)
                throw new ArgumentException($"the square root of a negative number is asked (stored {q}, zero point {zeroX})");
            return value == 0 ? high : Math.Clamp(root.Apply(value) + zeroY, low, high);
        };
    }
}
