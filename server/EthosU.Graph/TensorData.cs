using System.Runtime.InteropServices;

namespace EthosU.Graphs;

/// <summary>A dense row-major array of elements: the value of a constant, or of a tensor at run time. Little-endian bytes.</summary>
public sealed class TensorData
{
    /// <summary>Wraps bytes without copying them.</summary>
    /// <exception cref="ArgumentException">The number of bytes is not what type and shape need.</exception>
    public TensorData(ElementType type, Shape shape, ReadOnlyMemory<byte> bytes)
    {
        long expected = type.ByteCount(shape.ElementCount);
        if (bytes.Length != expected)
            throw new ArgumentException($"{type.DisplayName()}{shape} needs {expected} bytes but {bytes.Length} are given", nameof(bytes));
        Type = type;
        Shape = shape;
        Bytes = bytes;
    }

    /// <summary>Element type.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The elements, little-endian, row-major; 4-bit elements two to a byte, the first in the low half.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Number of elements.</summary>
    public int Count => checked((int)Shape.ElementCount);

    /// <summary>Copies values of a type that C# knows into a new array of the given shape.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the shape, or the type has no counterpart.</exception>
    public static TensorData From<T>(Shape shape, ReadOnlySpan<T> values) where T : unmanaged =>
        new(ElementTypeOf<T>(), shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Takes over an array of values without copying it; the element type may be any of the values' size.</summary>
    /// <exception cref="ArgumentException">The number of bytes is not what type and shape need.</exception>
    public static TensorData Wrap<T>(ElementType type, Shape shape, T[] values) where T : unmanaged =>
        new(type, shape, values is byte[] bytes ? bytes : new ArrayBytes<T>(values).Memory);

    /// <summary>Copies values into a new array of one axis.</summary>
    public static TensorData Vector<T>(params ReadOnlySpan<T> values) where T : unmanaged => From([values.Length], values);

    /// <summary>A scalar (rank 0).</summary>
    public static TensorData Scalar<T>(T value) where T : unmanaged => From(Shape.Scalar, new ReadOnlySpan<T>(in value));

    /// <summary>The elements as a span, without conversion.</summary>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>() where T : unmanaged
    {
        bool fits = ElementTypeOf<T>() == Type || (typeof(T) == typeof(byte) && Type == ElementType.Bool);
        return fits
            ? MemoryMarshal.Cast<byte, T>(Bytes.Span)
            : throw new InvalidOperationException($"the elements are {Type.DisplayName()}, not {typeof(T).Name}");
    }

    /// <summary>The same elements under another shape of as many elements.</summary>
    public TensorData Reshape(Shape shape) => new(Type, shape, Bytes);

    /// <summary>The elements converted to 32-bit integers, from any integer type or bool.</summary>
    /// <exception cref="OverflowException">A 64-bit value does not fit.</exception>
    /// <exception cref="InvalidOperationException">The elements are not integers.</exception>
    public int[] ToInt32Array() => Array.ConvertAll(ToInt64Array(), value => checked((int)value));

    /// <summary>The elements converted to 64-bit integers, from any integer type or bool.</summary>
    /// <exception cref="OverflowException">An unsigned 64-bit value does not fit.</exception>
    /// <exception cref="InvalidOperationException">The elements are not integers.</exception>
    public long[] ToInt64Array() => Type switch
    {
        ElementType.Int64 => AsSpan<long>().ToArray(),
        ElementType.Int32 => Convert(AsSpan<int>(), static v => (long)v),
        ElementType.UInt32 => Convert(AsSpan<uint>(), static v => (long)v),
        ElementType.Int16 => Convert(AsSpan<short>(), static v => (long)v),
        ElementType.UInt16 => Convert(AsSpan<ushort>(), static v => (long)v),
        ElementType.Int8 => Convert(AsSpan<sbyte>(), static v => (long)v),
        ElementType.UInt8 or ElementType.Bool => Convert(AsSpan<byte>(), static v => (long)v),
        ElementType.UInt64 => Convert(AsSpan<ulong>(), static v => checked((long)v)),
        ElementType.Int4 => UnpackInt4(),
        _ => throw new InvalidOperationException($"the elements are {Type.DisplayName()}, not integers"),
    };

    /// <summary>The elements converted to singles, from any numeric type; quantization is not considered.</summary>
    /// <exception cref="InvalidOperationException">The elements are not numbers.</exception>
    public float[] ToFloatArray() => Type switch
    {
        ElementType.Float32 => AsSpan<float>().ToArray(),
        ElementType.Float64 => Convert(AsSpan<double>(), static v => (float)v),
        ElementType.Float16 => Convert(AsSpan<Half>(), static v => (float)v),
        ElementType.UInt64 => Convert(AsSpan<ulong>(), static v => (float)v),
        ElementType.BFloat16 =>
            Convert(MemoryMarshal.Cast<byte, ushort>(Bytes.Span), static v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
        _ => Convert<long, float>(ToInt64Array(), static v => v),
    };

    /// <summary>The <see cref="ElementType"/> of a C# type.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ElementType ElementTypeOf<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? ElementType.Float32
        : typeof(T) == typeof(sbyte) ? ElementType.Int8
        : typeof(T) == typeof(byte) ? ElementType.UInt8
        : typeof(T) == typeof(short) ? ElementType.Int16
        : typeof(T) == typeof(ushort) ? ElementType.UInt16
        : typeof(T) == typeof(int) ? ElementType.Int32
        : typeof(T) == typeof(uint) ? ElementType.UInt32
        : typeof(T) == typeof(long) ? ElementType.Int64
        : typeof(T) == typeof(ulong) ? ElementType.UInt64
        : typeof(T) == typeof(bool) ? ElementType.Bool
        : typeof(T) == typeof(double) ? ElementType.Float64
        : typeof(T) == typeof(Half) ? ElementType.Float16
        : throw new ArgumentException($"{typeof(T).Name} is not a tensor's element type");

    private static TOut[] Convert<TIn, TOut>(ReadOnlySpan<TIn> values, Func<TIn, TOut> convert)
    {
        var result = new TOut[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = convert(values[i]);
        return result;
    }

    private long[] UnpackInt4()
    {
        var result = new long[Count];
        ReadOnlySpan<byte> packed = Bytes.Span;
        for (int i = 0; i < result.Length; i++)
            result[i] = (sbyte)(packed[i / 2] << (i % 2 == 0 ? 4 : 0)) >> 4;
        return result;
    }
}
