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
            Gelu op => narrow ? RealTable.Make8(x, y, v => Float.Special.Gelu(v, op.Approximate)) : RealTable.Make16(x, y, v => Float.Special.Gelu(v, op.Approximate)),
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
                return q => (int)Math.Clamp((double)MathF.Truncate(MathF.Sqrt(scaleX * Math.Max(q - zeroX, 0)) / scaleY) + zeroY, low, high);
            }
            case UnaryKind.HardSwish when narrow:
                return HardSwishFormula.Make(x, y);
            case UnaryKind.Logistic or UnaryKind.Tanh:
                return narrow ? SigmoidFormula.Make8(x, kind == UnaryKind.Tanh) : SigmoidFormula.Make16(NodeFacts.Scale(x), kind == UnaryKind.Tanh);
            case UnaryKind.Elu when narrow:
                return RealTable.Make8(x, y, v => v < 0 ? MathF.Exp(v) - 1 : v);
            case UnaryKind.Exp:
                return narrow ? RealTable.Make8(x, y, MathF.Exp) : RealTable.Make16(x, y, MathF.Exp);
            case UnaryKind.Log:
            {
                float least = NodeFacts.Scale(y) * (low - zeroY);
                Func<float, float> log = v => v <= 0 ? least : MathF.Log(v);
                return narrow ? RealTable.Make8(x, y, log) : RealTable.Make16(x, y, log);
            }
            case UnaryKind.ZerosLike:
                return static _ => 0;
            default:
                return null;
        }
    }

    private static Func<int, int> Clamped(Tensor x, Tensor y, int low, int high)
    {
        var multiplier = Multiplier.From((double)NodeFacts.Scale(x) / NodeFacts.Scale(y));
        int zeroX = NodeFacts.ZeroPoint(x), zeroY = NodeFacts.ZeroPoint(y);
        return q => Math.Max(Math.Min(multiplier.Apply(q - zeroX) + zeroY, high), low);
    }

    private static Func<int, int> LeakyRelu(Tensor x, Tensor y, float alpha)
    {
        double scaleX = NodeFacts.Scale(x), scaleY = NodeFacts.Scale(y);
        Multiplier identity = Multiplier.From(scaleX / scaleY), slope = Multiplier.From(scaleX * alpha / scaleY);
        int zeroX = NodeFacts.ZeroPoint(x), zeroY = NodeFacts.ZeroPoint(y);
        bool falls = slope.Value < 0;
        if (falls)
            slope = slope with { Value = -slope.Value };
        (int low, int high) = y.Type.IntegerRange();
        return q =>
        {
            int value = q - zeroX;
            value = value >= 0 ? identity.Apply(value) : falls ? -slope.Apply(value) : slope.Apply(value);
            return Math.Clamp(value + zeroY, low, high);
        };
    }

    private static Func<int, int> ReciprocalSquareRoot(Tensor x, Tensor y)
    {
        const int shift = 20;
        var output = Multiplier.From(1 / (Math.Sqrt(NodeFacts.Scale(x)) * NodeFacts.Scale(y)));
        output = output with { Shift = output.Shift - shift };
        int zeroX = NodeFacts.ZeroPoint(x), zeroY = NodeFacts.ZeroPoint(y);
        (int low, int high) = y.Type.IntegerRange();
        return q =>
        {
            int value = q - zeroX;
            if (value < 0)
                throw new ArgumentException($"the square root of a negative number is asked (stored {q}, zero point {zeroX})");
            if (value == 0)
                return high;
            Multiplier inverse = FixedPoint.InverseSquareRoot(value);
            int root = (inverse with { Shift = inverse.Shift + shift }).Apply(1);
            return Math.Clamp(output.Apply(root) + zeroY, low, high);
        };
    }
}
