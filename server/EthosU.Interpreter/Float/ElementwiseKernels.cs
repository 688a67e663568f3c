using System.Numerics;
using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Float;

/// <summary>Element-wise operators on reals, unquantized integers and bools.</summary>
internal static class ElementwiseKernels
{
    public static PreparedKernel Binary(NodeFacts facts)
    {
        var op = (Binary)facts.Operator;
        return facts.Input(0).Type switch
        {
            ElementType.Float32 => Reals(facts, op),
            ElementType.Int32 => Combine<int, int>(facts, (a, b) => Whole(op.Kind, a, b)),
            ElementType.Int64 => Combine<long, long>(facts, (a, b) => Whole(op.Kind, a, b)),
            _ => Combine<byte, byte>(facts, (a, b) => (byte)(op.Kind == BinaryKind.LogicalAnd ? a & b : a | b)),
        };
    }

    public static PreparedKernel Compare(NodeFacts facts)
    {
        CompareKind kind = ((Compare)facts.Operator).Kind;
        return facts.Input(0).Type switch
        {
            ElementType.Float32 => Combine<float, byte>(facts, (a, b) => Holds(kind, a, b)),
            ElementType.Int32 => Combine<int, byte>(facts, (a, b) => Holds(kind, a, b)),
            ElementType.Int64 => Combine<long, byte>(facts, (a, b) => Holds(kind, a, b)),
            _ => Combine<byte, byte>(facts, (a, b) => Holds(kind, a, b)),
        };
    }

    public static TensorData[] Not(KernelCall call) =>
        [call.Result(Array.ConvertAll(call[0].Bytes.ToArray(), b => (byte)(b == 0 ? 1 : 0)))];

    /// <summary>True for the operators that unquantized integers can go through.</summary>
    public static bool TakesIntegers(UnaryKind kind) => kind is UnaryKind.Abs or UnaryKind.Neg or UnaryKind.Sign or UnaryKind.Square
        or UnaryKind.ZerosLike or UnaryKind.Relu or UnaryKind.Relu6;

    public static PreparedKernel Unary(NodeFacts facts)
    {
        UnaryKind kind = ((Unary)facts.Operator).Kind;
        if (facts.Input(0).Type == ElementType.Int32)
            return Each<int>(facts, v => (int)Real(kind, v));
        return kind switch
        {
            UnaryKind.Relu => Each<float>(facts, static x => Math.Max(x, 0)),
            UnaryKind.Logistic => Each<float>(facts, static x => RealFunctions.Logistic(x)),
            UnaryKind.Tanh => Each<float>(facts, Elementary.Tanh),
            UnaryKind.HardSwish => Each<float>(facts, static x => x * Math.Clamp(x + 3, 0, 6) / 6),
            _ => Each<float>(facts, x => Real(kind, x)),
        };
    }

    public static PreparedKernel Parametric(NodeFacts facts)
    {
        switch (facts.Operator)
        {
            case LeakyRelu op:
                return Each<float>(facts, v => v >= 0 ? v : v * op.Alpha);
            case Gelu op:
                return Each<float>(facts, v => RealFunctions.Gelu(v, op.Approximate));
            default:
                return Combine<float, float>(facts, static (x, alpha) => x >= 0 ? x : x * alpha);
        }
    }

    public static TensorData[] AddN(KernelCall call)
    {
        float[] sum = call[0].AsSpan<float>().ToArray();
        foreach (TensorData? other in call.Inputs.Skip(1))
            for (int i = 0; i < sum.Length; i++)
                sum[i] += other!.AsSpan<float>()[i];
        return [call.Result(sum)];
    }

    public static TensorData[] FakeQuant(KernelCall call)
    {
        var op = (FakeQuant)call.Node.Operator;
        int low = op.NarrowRange ? 1 : 0, high = (1 << op.Bits) - 1;
        float scale = (op.Max - op.Min) / (high - low);
        float zero = Math.Clamp(MathF.Round(low - (op.Min / scale)), low, high);
        return [call.Result(Array.ConvertAll(call[0].AsSpan<float>().ToArray(),
            v => (Math.Clamp(Rounding.HalfAway((v / scale) + zero), low, high) - zero) * scale))];
    }

    /// <summary>Converts between types without regard to quantization; reals are truncated (tflite-kernels 3.11).</summary>
    public static TensorData[] Cast(KernelCall call)
    {
        ElementType to = call.Output.Type;
        if (call[0].Type.IsFloat())
        {
            float[] reals = call[0].ToFloatArray();
            return [to switch
            {
                ElementType.Float32 => call.Result(reals),
                ElementType.Bool => call.Result(Array.ConvertAll(reals, v => (byte)(v != 0 ? 1 : 0))),
                _ => FromIntegers(call, Array.ConvertAll(reals, v => (long)v)),
            }];
        }
        long[] integers = call[0].ToInt64Array();
        // An NPU's true is all bits.
        if (call[0].Type == ElementType.Bool)
            integers = Array.ConvertAll(integers, static v => v != 0 ? 1L : 0);
        return [FromIntegers(call, integers)];
    }

    private static TensorData FromIntegers(KernelCall call, long[] values) => call.Output.Type switch
    {
        ElementType.Float32 => call.Result(Array.ConvertAll(values, v => (float)v)),
        ElementType.Int64 => call.Result(values),
        ElementType.Int32 => call.Result(Array.ConvertAll(values, v => (int)v)),
        ElementType.UInt32 => call.Result(Array.ConvertAll(values, v => (uint)v)),
        ElementType.Int16 => call.Result(Array.ConvertAll(values, v => (short)v)),
        ElementType.UInt16 => call.Result(Array.ConvertAll(values, v => (ushort)v)),
        ElementType.Int8 => call.Result(Array.ConvertAll(values, v => (sbyte)v)),
        ElementType.UInt8 => call.Result(Array.ConvertAll(values, v => (byte)v)),
        ElementType.Bool => call.Result(Array.ConvertAll(values, v => (byte)(v != 0 ? 1 : 0))),
        _ => throw new InvalidOperationException($"CAST to {call.Output.Type.DisplayName()} has no kernel"),
    };

    private static PreparedKernel Each<T>(NodeFacts facts, Func<T, T> function) where T : unmanaged
    {
        CheckSize(facts);
        return new(frame =>
        {
            ReadOnlySpan<T> from = frame.Input<T>(0);
            Span<T> to = frame.Output<T>();
            for (int i = 0; i < to.Length; i++)
                to[i] = function(from[i]);
        });
    }

    private static PreparedKernel Reals(NodeFacts facts, Binary op)
    {
        BroadcastPlan plan = new(facts.Input(0).Shape, facts.Input(1).Shape, facts.Output.Shape);
        FusedActivation activation = op.Activation;
        return new(frame =>
        {
            Span<float> to = frame.Output<float>();
            plan.RunReals(frame.Input<float>(0), frame.Input<float>(1), to, op.Kind);
            if (activation != FusedActivation.None)
                foreach (ref float value in to)
                    value = FloatKernels.Clamp(value, activation);
        });
    }

    private static PreparedKernel Combine<TIn, TOut>(NodeFacts facts, Func<TIn, TIn, TOut> combine) where TIn : unmanaged
        where TOut : unmanaged
    {
        BroadcastPlan plan = new(facts.Input(0).Shape, facts.Input(1).Shape, facts.Output.Shape);
        return new(frame => plan.Run(frame.Input<TIn>(0), frame.Input<TIn>(1), frame.Output<TOut>(), combine));
    }

    private static void CheckSize(NodeFacts facts)
    {
        if (facts.Input(0).Shape.ElementCount != facts.Output.Shape.ElementCount)
            throw new KernelRefusedException($"Input {facts.Input(0).Shape} and result {facts.Output.Shape} do not suit each other.");
    }

    private static byte Holds<T>(CompareKind kind, T a, T b) where T : IComparisonOperators<T, T, bool> => (byte)(kind switch
    {
        CompareKind.Less => a < b,
        CompareKind.Greater => a > b,
        CompareKind.LessEqual => a <= b,
        CompareKind.GreaterEqual => a >= b,
        CompareKind.Equal => a == b,
        _ => a != b,
    } ? 1 : 0);

    private static T Whole<T>(BinaryKind kind, T a, T b) where T : IBinaryInteger<T>
    {
        switch (kind)
        {
            case BinaryKind.Add:
                return a + b;
            case BinaryKind.Sub:
                return a - b;
            case BinaryKind.Mul:
                return a * b;
            case BinaryKind.Maximum:
                return T.Max(a, b);
            case BinaryKind.Minimum:
                return T.Min(a, b);
            case BinaryKind.SquaredDifference:
                return (a - b) * (a - b);
            case BinaryKind.BitwiseXor:
                return a ^ b;
            case BinaryKind.RightShift:
                return a >> int.CreateTruncating(b);
            case BinaryKind.Pow:
            {
                T result = T.One; // by squares: the same, modulo 2ⁿ, as by one product after the other
                for (; b > T.Zero; b >>= 1, a *= a)
                    if (T.IsOddInteger(b))
                        result *= a;
                return result;
            }
            case BinaryKind.Div or BinaryKind.FloorDiv or BinaryKind.FloorMod when b == T.Zero:
                throw new InvalidOperationException("integer division by zero");
            case BinaryKind.Div:
                return a / b;
            case BinaryKind.FloorMod:
            {
                T rest = a % b;
                return rest != T.Zero && T.IsNegative(rest) != T.IsNegative(b) ? rest + b : rest;
            }
            case BinaryKind.FloorDiv:
            {
                T rest = a % b;
                return (a / b) - (rest != T.Zero && T.IsNegative(rest) != T.IsNegative(b) ? T.One : T.Zero);
            }
            default:
                throw new InvalidOperationException($"{kind} of integers has no kernel");
        }
    }

    private static float Real(UnaryKind kind, float x) => kind switch
    {
        UnaryKind.Relu => Math.Max(x, 0),
        UnaryKind.Relu6 => Math.Clamp(x, 0, 6),
        UnaryKind.ReluN1To1 => Math.Clamp(x, -1, 1),
        UnaryKind.Relu0To1 => Math.Clamp(x, 0, 1),
        UnaryKind.Logistic => RealFunctions.Logistic(x),
        UnaryKind.Tanh => Elementary.Tanh(x),
        UnaryKind.Elu => RealFunctions.Elu(x),
        UnaryKind.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
        UnaryKind.Abs => Math.Abs(x),
        UnaryKind.Exp => Elementary.Exp(x),
        UnaryKind.Log => Elementary.Log(x),
        UnaryKind.Sqrt => MathF.Sqrt(x),
        UnaryKind.Rsqrt => 1 / MathF.Sqrt(x),
        UnaryKind.Square => x * x,
        UnaryKind.Neg => -x,
        UnaryKind.Sin => Elementary.Sin(x),
        UnaryKind.Cos => Elementary.Cos(x),
        UnaryKind.Floor => MathF.Floor(x),
        UnaryKind.Ceil => MathF.Ceiling(x),
        UnaryKind.Round => MathF.Round(x, MidpointRounding.ToEven),
        UnaryKind.Sign => float.IsNaN(x) ? x : Math.Sign(x),
        UnaryKind.ZerosLike => 0,
        _ => throw new InvalidOperationException($"{kind} has no kernel"),
    };
}
