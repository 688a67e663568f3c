using System.Numerics;
using System.Numerics.Tensors;
using EthosU.Arithmetic;
using EthosU.Graphs;
using Tensor = EthosU.Graphs.Tensor;

namespace EthosU.Interpreter.Integer;

/// <summary>QUANTIZE, DEQUANTIZE and the dequantizing EMBEDDING_LOOKUP (tflite-kernels 1.2, 3.5 and 3.11).</summary>
internal static class QuantizeKernels
{
    public static PreparedKernel? Quantize(NodeFacts facts)
    {
        Tensor x = facts.Input(0), y = facts.Output;
        if (x.Type == ElementType.Float32)
        {
            return y.Type switch
            {
                ElementType.Int8 => FromReal<sbyte>(y),
                ElementType.UInt8 => FromReal<byte>(y),
                ElementType.Int16 => FromReal<short>(y),
                ElementType.Int32 => FromReal<int>(y),
                _ => null,
            };
        }
        return x.Type switch
        {
            ElementType.Int8 => From<sbyte>(x, y),
            ElementType.UInt8 => From<byte>(x, y),
            ElementType.Int16 => From<short>(x, y),
            ElementType.Int32 => From<int>(x, y),
            _ => null,
        };
    }

    public static PreparedKernel? Dequantize(NodeFacts facts)
    {
        Tensor x = facts.Input(0);
        if (facts.Output.Type != ElementType.Float32)
            return null;
        return x.Type switch
        {
            ElementType.Int8 => ToReal<sbyte>(x),
            ElementType.UInt8 => ToReal<byte>(x),
            ElementType.Int16 => ToReal<short>(x),
            ElementType.Int32 => ToReal<int>(x),
            ElementType.Float16 => new(static frame => TensorPrimitives.ConvertToSingle(frame.Input<Half>(0), frame.Output<float>())),
            ElementType.Float32 => new(static frame => frame.Input<float>(0).CopyTo(frame.Output<float>())),
            _ => null,
        };
    }

    public static PreparedKernel EmbeddingLookup(NodeFacts facts)
    {
        Tensor table = facts.Input(1);
        float scale = NodeFacts.Scale(table);
        int rows = table.Shape.Rank == 0 ? 0 : table.Shape[0];
        int width = rows == 0 ? 0 : checked((int)(table.Shape.ElementCount / rows));
        return new(frame =>
        {
            ReadOnlySpan<int> ids = frame.Input<int>(0);
            ReadOnlySpan<sbyte> values = frame.Input<sbyte>(1);
            Span<float> y = frame.Output<float>();
            for (int i = 0; i < ids.Length; i++)
            {
                if ((uint)ids[i] >= (uint)rows)
                    throw new ArgumentException($"row {ids[i]} is outside a table of {rows} rows");
                for (int j = 0; j < width; j++)
                    y[(i * width) + j] = scale * values[(ids[i] * width) + j];
            }
        });
    }

    private static PreparedKernel FromReal<T>(Tensor y) where T : unmanaged, IBinaryInteger<T>
    {
        AffineQuantization quantization = NodeFacts.Affine(y);
        (int low, int high) = y.Type.IntegerRange();
        return new(frame =>
        {
            ReadOnlySpan<float> from = frame.Input<float>(0);
            Span<T> to = frame.Output<T>();
            for (int i = 0; i < to.Length; i++)
                to[i] = T.CreateTruncating(quantization.Store(from[i], low, high));
        });
    }

    private static PreparedKernel ToReal<T>(Tensor x) where T : unmanaged, IBinaryInteger<T>
    {
        Quantization quantization = x.Quantization ?? throw new KernelRefusedException($"'{x.Name}' has no scale.");
        int channels = quantization.IsPerAxis ? x.Shape[x.Shape.NormalizeAxis(quantization.Axis)] : 1;
        float[] scales = NodeFacts.Scales(x, channels);
        long[] zeros = [.. quantization.ZeroPoints];
        int inner = quantization.IsPerAxis ? checked((int)x.Shape.Strides()[quantization.Axis]) : 1;
        return new(frame =>
        {
            ReadOnlySpan<T> from = frame.Input<T>(0);
            Span<float> to = frame.Output<float>();
            for (int i = 0; i < to.Length; i++)
            {
                int channel = channels == 1 ? 0 : i / inner % channels;
                to[i] = (float)(scales[channel] * (double)(long.CreateTruncating(from[i]) - zeros[channel]));
            }
        });
    }

    private static PreparedKernel? From<T>(Tensor x, Tensor y) where T : unmanaged, IBinaryInteger<T> => y.Type switch
    {
        ElementType.Int8 => Between<T, sbyte>(x, y),
        ElementType.UInt8 => Between<T, byte>(x, y),
        ElementType.Int16 => Between<T, short>(x, y),
        ElementType.Int32 => Between<T, int>(x, y),
        _ => null,
    };

    private static PreparedKernel Between<TFrom, TTo>(Tensor x, Tensor y)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        var multiplier = Multiplier.From((double)NodeFacts.Scale(x) / NodeFacts.Scale(y));
        int from = NodeFacts.ZeroPoint(x), to = NodeFacts.ZeroPoint(y);
        (int low, int high) = y.Type.IntegerRange();
        return new(frame =>
        {
            ReadOnlySpan<TFrom> source = frame.Input<TFrom>(0);
            Span<TTo> result = frame.Output<TTo>();
            for (int i = 0; i < result.Length; i++)
                result[i] = TTo.CreateTruncating((int)Math
                    .Clamp((long)multiplier.Apply(int.CreateTruncating(source[i]) - from) + to, low, high));
        });
    }
}
