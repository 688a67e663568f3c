using System.Runtime.InteropServices;
using EthosU.Graphs;

namespace EthosU.Npy;

/// <summary>A NumPy array in memory: its type, shape and little-endian bytes in C order.</summary>
public sealed class NumpyArray
{
    /// <summary>Wraps bytes without copying them.</summary>
    /// <exception cref="ArgumentException">NumPy files have no such type, or the number of bytes is not what type and shape
    /// need.</exception>
    public NumpyArray(ElementType type, Shape shape, ReadOnlyMemory<byte> bytes)
    {
        if (!NumpyTypes.IsKnown(type))
            throw new ArgumentException($"NumPy files have no element type {type.DisplayName()}", nameof(type));
        long expected = checked(shape.ElementCount * type.ByteSize());
        if (bytes.Length != expected)
            throw new ArgumentException($"{type.DisplayName()}{shape} needs {expected} bytes but {bytes.Length} are given", nameof(bytes));
        Type = type;
        Shape = shape;
        Bytes = bytes;
    }

    /// <summary>Element type: bool, an integer of 8 to 64 bits, or a float of 16 to 64 bits.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes of the axes; rank 0 for a scalar.</summary>
    public Shape Shape { get; }

    /// <summary>The elements, little-endian, in C order.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>True if NumPy files have a counterpart of a type.</summary>
    public static bool Supports(ElementType type) => NumpyTypes.IsKnown(type);

    /// <summary>The size of the first axis; a scalar is one row.</summary>
    public int RowCount => Shape.Rank == 0 ? 1 : Shape[0];

    /// <summary>The shape of one row: this shape without the first axis.</summary>
    public Shape RowShape => Shape.Rank == 0 ? Shape : Shape.Without(0);

    /// <summary>Copies values of a type that C# knows into a new array.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the shape, or NumPy has no counterpart of the
    /// type.</exception>
    public static NumpyArray From<T>(Shape shape, ReadOnlySpan<T> values) where T : unmanaged =>
        new(TensorData.ElementTypeOf<T>(), shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The same elements as a tensor's value, without a copy.</summary>
    public TensorData ToTensorData() => new(Type, Shape, Bytes);

    /// <summary>A tensor's value as an array, without a copy.</summary>
    /// <exception cref="ArgumentException">NumPy files have no such element type.</exception>
    public static NumpyArray From(TensorData data) => new(data.Type, data.Shape, data.Bytes);

    /// <summary>The bytes of row <paramref name="index"/> of the first axis, without a copy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlyMemory<byte> Row(int index)
    {
        if ((uint)index >= (uint)RowCount)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"an array of shape {Shape} has {RowCount} rows");
        int length = Bytes.Length / RowCount;
        return Bytes.Slice(index * length, length);
    }

    /// <summary>The elements, without conversion; those of a bool array also as bytes.</summary>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>() where T : unmanaged => ToTensorData().AsSpan<T>();

    /// <summary>The type and shape, such as <c>float32[100, 3, 32, 32]</c>.</summary>
    public override string ToString() => $"{Type.DisplayName()}{Shape}";
}
