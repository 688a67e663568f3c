using System.Runtime.InteropServices;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx.Proto;
using Google.Protobuf;

namespace EthosU.Onnx;

/// <summary>Turns tensors of the file into constants: singles for all real types, 32-bit for 64-bit integers (saturated).</summary>
internal sealed class TensorLoader(string file)
{
    private const int External = 1;
    private const int MaxRank = 32;
    private const int MostUses = 4; // of a byte of external data; more is no sharing of weights
    private readonly Dictionary<string, long> loaded = new(StringComparer.Ordinal); // bytes by data file
    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";

    /// <summary>Bytes of data files read so far.</summary>
    public long ExternalBytes => loaded.Values.Sum();

    /// <summary>The data files read, in full.</summary>
    public IEnumerable<string> DataFiles => loaded.Keys.Order(StringComparer.Ordinal);

    /// <summary>The element type that values of an ONNX type have after import.</summary>
    /// <exception cref="UnsupportedOperatorException">There is none.</exception>
    public static ElementType TypeOf(int onnxType) => onnxType switch
    {
        1 or 10 or 11 or 16 => ElementType.Float32,
        2 or 21 or 25 => ElementType.UInt8,
        3 or 22 or 26 => ElementType.Int8,
        4 or 5 or 6 or 7 or 12 or 13 => ElementType.Int32,
        9 => ElementType.Bool,
        _ => throw new UnsupportedOperatorException($"Elements of type {TypeName(onnxType)} are not supported.",
            "Use float32, int64, int32, int8, uint8 or bool tensors."),
    };

    /// <summary>Number of a type by its name, as Cast gave it before operator set 6.</summary>
    public static int TypeOf(string name) => name switch
    {
        "FLOAT" => 1,
        "UINT8" => 2,
        "INT8" => 3,
        "UINT16" => 4,
        "INT16" => 5,
        "INT32" => 6,
        "INT64" => 7,
        "BOOL" => 9,
        "FLOAT16" => 10,
        "DOUBLE" => 11,
        "UINT32" => 12,
        "UINT64" => 13,
        _ => throw new UnsupportedOperatorException($"Elements of type {name} are not supported.",
            "Use float32, int64, int32, int8, uint8 or bool tensors."),
    };

    /// <summary>A type's name for messages.</summary>
    public static string TypeName(int onnxType) => onnxType switch
    {
        0 => "'undefined'",
        1 => "float32",
        2 => "uint8",
        3 => "int8",
        4 => "uint16",
        5 => "int16",
        6 => "int32",
        7 => "int64",
        8 => "text (string)",
        14 or 15 => "complex",
        17 or 18 or 19 or 20 => "float8",
        23 => "float4",
        24 => "float8 (scales)",
        _ => $"number {onnxType}",
    };

    /// <summary>Loads a tensor.</summary>
    /// <exception cref="ModelFormatException">Its data are missing, too few or too many, or lie outside the model's folder.</exception>
    /// <exception cref="UnsupportedOperatorException">Its element type cannot be.</exception>
    public TensorData Load(TensorProto tensor, string place)
    {
        string where = $"{place} '{tensor.Name}'";
        if (tensor.Dims.Count > MaxRank || tensor.Dims.Any(size => size is < 0 or > int.MaxValue))
            throw Error(where, $"the shape [{string.Join(", ", tensor.Dims)}] is not possible");
        Shape shape = new([.. tensor.Dims.Select(size => (int)size)]);
        long count;
        try
        {
            count = shape.ElementCount;
        }
        catch (OverflowException)
        {
            throw Error(where, $"the shape {shape} is too large");
        }
        if (count > int.MaxValue / 8)
            throw Error(where, $"the shape {shape} is too large");
        ElementType type = TypeOf(tensor.DataType);
        ReadOnlyMemory<byte> raw = tensor.DataLocation == External ? LoadExternal(tensor, where) : tensor.RawData.Memory;
        bool isRaw = tensor.DataLocation == External || tensor.RawData.Length > 0;
        return isRaw ? FromRaw(tensor.DataType, type, shape, raw, where) : FromLists(tensor, type, shape, where);
    }

    private TensorData FromRaw(int onnxType, ElementType type, Shape shape, ReadOnlyMemory<byte> raw, string where)
    {
        if (BitsOf(onnxType) is { } bits)
            return Unpacked(onnxType, bits, shape, raw.Span, where);
        int size = onnxType switch { 2 or 3 or 9 => 1, 4 or 5 or 10 or 16 => 2, 1 or 6 or 12 => 4, _ => 8 };
        if (raw.Length != shape.ElementCount * size)
            throw Error(where, $"{shape.ElementCount * size} bytes of data expected, {raw.Length} found");
        ReadOnlySpan<byte> bytes = raw.Span;
        return onnxType switch
        {
            1 or 2 or 3 or 6 or 9 => new(type, shape, raw),
            4 => Convert<ushort, int>(bytes, v => v),
            5 => Convert<short, int>(bytes, v => v),
            7 => Convert<long, int>(bytes, OnnxNode.Saturate),
            10 => Convert<Half, float>(bytes, v => (float)v),
            11 => Convert<double, float>(bytes, v => (float)v),
            12 => Convert<uint, int>(bytes, v => OnnxNode.Saturate(v)),
            13 => Convert<ulong, int>(bytes, v => (int)Math.Min(v, int.MaxValue)),
            _ => Convert<ushort, float>(bytes, v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
        };

        TensorData Convert<TIn, TOut>(ReadOnlySpan<byte> source, Func<TIn, TOut> convert) where TIn : unmanaged where TOut : unmanaged
        {
            ReadOnlySpan<TIn> values = MemoryMarshal.Cast<byte, TIn>(source);
            var result = new TOut[values.Length];
            for (int i = 0; i < result.Length; i++)
                result[i] = convert(values[i]);
            return TensorData.Wrap(type, shape, result);
        }
    }

    /// <summary>Bits of an element of a type of which several share a byte; null for other types.</summary>
    private static int? BitsOf(int onnxType) => onnxType switch { 21 or 22 => 4, 25 or 26 => 2, _ => null };

    /// <summary>Elements of 4 or 2 bits, the first in the lowest bits of its byte, as one byte each.</summary>
    private TensorData Unpacked(int onnxType, int bits, Shape shape, ReadOnlySpan<byte> packed, string where)
    {
        int perByte = 8 / bits, count = checked((int)shape.ElementCount), expected = (count + perByte - 1) / perByte;
        if (packed.Length != expected)
            throw Error(where, $"{expected} bytes of data expected, {packed.Length} found");
        byte[] values = new byte[count];
        for (int i = 0; i < count; i++)
        {
            int high = packed[i / perByte] << (8 - bits - (i % perByte * bits));
            values[i] = onnxType is 22 or 26 ? (byte)((sbyte)high >> (8 - bits)) : (byte)((byte)high >> (8 - bits));
        }
        return TensorData.Wrap(TypeOf(onnxType), shape, values);
    }

    private TensorData FromLists(TensorProto tensor, ElementType type, Shape shape, string where)
    {
        if (BitsOf(tensor.DataType) is { } bits)
            return Unpacked(tensor.DataType, bits, shape, [.. tensor.Int32Data.Select(v => (byte)v)], where);
        int given = tensor.DataType switch
        {
            1 => tensor.FloatData.Count,
            11 => tensor.DoubleData.Count,
            7 => tensor.Int64Data.Count,
            12 or 13 => tensor.Uint64Data.Count,
            _ => tensor.Int32Data.Count,
        };
        if (given != shape.ElementCount)
            throw Error(where, $"{shape.ElementCount} values expected, {given} found");
        return tensor.DataType switch
        {
            1 => TensorData.From<float>(shape, tensor.FloatData.ToArray()),
            11 => TensorData.From<float>(shape, [.. tensor.DoubleData.Select(v => (float)v)]),
            7 => TensorData.From<int>(shape, [.. tensor.Int64Data.Select(OnnxNode.Saturate)]),
            12 or 13 => TensorData.From<int>(shape, [.. tensor.Uint64Data.Select(v => (int)Math.Min(v, int.MaxValue))]),
            2 => TensorData.From<byte>(shape, [.. tensor.Int32Data.Select(v => (byte)v)]),
            3 => TensorData.From<sbyte>(shape, [.. tensor.Int32Data.Select(v => (sbyte)v)]),
            9 => TensorData.From<bool>(shape, [.. tensor.Int32Data.Select(v => v != 0)]),
            10 => TensorData.From<float>(shape, [.. tensor.Int32Data.Select(v => (float)BitConverter.UInt16BitsToHalf((ushort)v))]),
            16 => TensorData.From<float>(shape, [.. tensor.Int32Data.Select(v => BitConverter.UInt32BitsToSingle((uint)v << 16))]),
            _ => TensorData.From<int>(shape, [.. tensor.Int32Data]),
        };
    }

    /// <summary>Moves data that lie in another file into the tensor.</summary>
    /// <exception cref="ModelFormatException">They are missing, or lie outside the model's folder.</exception>
    public void Embed(TensorProto tensor)
    {
        if (tensor.DataLocation != External)
            return;
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(LoadExternal(tensor, $"constant '{tensor.Name}'"));
        tensor.DataLocation = 0;
        tensor.ExternalData.Clear();
    }

    private byte[] LoadExternal(TensorProto tensor, string where)
    {
        Dictionary<string, string> facts = tensor.ExternalData.DistinctBy(e => e.Key).ToDictionary(e => e.Key, e => e.Value);
        if (!facts.TryGetValue("location", out string? location) || location.Length == 0)
            throw Error(where, "its data lie in another file, but the file is not named");
        if (Path.IsPathRooted(location) || location.Contains('\0', StringComparison.Ordinal)
            || !IsInside(Path.GetFullPath(Path.Combine(folder, location))))
            throw Error(where,
                $"its data are said to lie in '{location}', outside the model's folder; such paths are refused. Put the data file beside "
                    + $"the model and export again");
        FileInfo info = new(Path.GetFullPath(Path.Combine(folder, location)));
        try
        {
            if (!info.Exists)
                throw Error(where, $"its data file '{location}' is missing beside the model");
            for (FileSystemInfo? part = info; part is not null && IsInside(part.FullName); part = part is FileInfo f ? f.Directory
                : ((DirectoryInfo)part).Parent)
                if (part.ResolveLinkTarget(returnFinalTarget: true) is { } target && !IsInside(Path.GetFullPath(target.FullName)))
                    throw Error(where,
                        $"its data file '{location}' is a link that leads outside the model's folder; such links are refused");
        }
        catch (IOException e)
        {
            throw new ModelFormatException(file, where, $"its data file '{location}' cannot be found ({e.Message})", e);
        }
        long offset = Number("offset", 0), length = Number("length", info.Length - offset);
        if (offset < 0 || length < 0 || offset > info.Length || length > info.Length - offset || length > int.MaxValue)
            throw Error(where, $"{length} bytes at {offset} of '{location}' expected, the file has {info.Length}");
        if (string.Equals(info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? info.FullName, Path.GetFullPath(file),
            StringComparison.Ordinal))
            throw Error(where, "its data are said to be the model file itself; export again");
        if ((loaded[info.FullName] = loaded.GetValueOrDefault(info.FullName) + length) > MostUses * info.Length)
            throw Error(where, $"the constants before it read '{location}' more than {MostUses} times over; export again");
        byte[] bytes = new byte[length];
        using FileStream stream = InputFile.OpenRead(info.FullName);
        stream.Position = offset;
        stream.ReadExactly(bytes);
        return bytes;

        long Number(string key, long otherwise) => facts.TryGetValue(key, out string? text)
            ? long.TryParse(text, out long number) ? number : throw Error(where, $"its {key} '{text}' is no number")
            : otherwise;
    }

    private bool IsInside(string path) =>
        path.StartsWith(folder.EndsWith(Path.DirectorySeparatorChar) ? folder : folder + Path.DirectorySeparatorChar,
        StringComparison.Ordinal);

    private ModelFormatException Error(string where, string expected) => new(file, where, expected);
}
