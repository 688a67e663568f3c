using System.Buffers.Binary;

namespace EthosU.Fuzz.Mutants;

/// <summary>A place in a FlatBuffer that can be changed by itself.</summary>
/// <param name="Offset">Where it is, in bytes.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Kind">What stands there.</param>
internal readonly record struct Spot(int Offset, int Size, SpotKind Kind);

/// <summary>What a place holds.</summary>
internal enum SpotKind
{
    /// <summary>A number of one to eight bytes.</summary>
    Scalar,
    /// <summary>A number of single precision.</summary>
    Float,
    /// <summary>The number of elements of a vector.</summary>
    Length,
    /// <summary>An offset to a table, vector or string.</summary>
    Offset,
    /// <summary>An entry of a table's list of fields.</summary>
    Entry,
    /// <summary>Bytes of a string or a constant.</summary>
    Data,
}

/// <summary>
/// Walks over a TensorFlow Lite file as its published schema describes it (fields by their numbers) and lists what can be changed. Fields
/// that the map does not name, those of options among them, count as numbers.
/// </summary>
internal sealed class FlatBufferSpots
{
    private const int Deepest = 12, MostSpots = 200_000;

    private readonly byte[] content;
    private readonly List<Spot> spots = [];
    private readonly HashSet<int> seen = [];

    private FlatBufferSpots(byte[] content) => this.content = content;

    private enum Form { Table, Tables, Numbers, Floats, Bytes, Longs }

    private sealed record Type(params (int Field, Form Form, Type? Of)[] Fields);

    private static readonly Type None = new();
    private static readonly Type Quantization =
        new((0, Form.Floats, null), (1, Form.Floats, null), (2, Form.Floats, null), (3, Form.Longs, null));
    private static readonly Type Tensor =
        new((0, Form.Numbers, null), (3, Form.Bytes, null), (4, Form.Table, Quantization), (7, Form.Numbers, null));
    private static readonly Type Operator =
        new((1, Form.Numbers, null), (2, Form.Numbers, null), (4, Form.Table, None), (5, Form.Bytes, null), (8, Form.Numbers, null),
        (12, Form.Table, None));
    private static readonly Type Subgraph =
        new((0, Form.Tables, Tensor), (1, Form.Numbers, null), (2, Form.Numbers, null), (3, Form.Tables, Operator), (4, Form.Bytes, null));
    private static readonly Type Code = new((1, Form.Bytes, null));
    private static readonly Type Buffer = new((0, Form.Bytes, null));
    private static readonly Type Metadata = new((0, Form.Bytes, null));
    private static readonly Type TensorMap = new((0, Form.Bytes, null));
    private static readonly Type Signature = new((0, Form.Tables, TensorMap), (1, Form.Tables, TensorMap), (2, Form.Bytes, null));
    private static readonly Type Model =
        new((1, Form.Tables, Code), (2, Form.Tables, Subgraph), (3, Form.Bytes, null), (4, Form.Tables, Buffer), (5, Form.Numbers, null),
        (6, Form.Tables, Metadata), (7, Form.Tables, Signature));

    /// <summary>The places of a file; few if it is damaged.</summary>
    public static IReadOnlyList<Spot> Of(byte[] content)
    {
        FlatBufferSpots walk = new(content);
        if (content.Length > 8)
            walk.Table(walk.Target(0), Model, 0);
        return walk.spots;
    }

    private int Target(int at) =>
        at >= 0 && at + 4 <= content.Length && (long)at + Int32(at) is >= 0 and var target && target + 4 <= content.Length ? (int)target
        : -1;

    private int Int32(int at) => BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(at));

    private void Table(int at, Type type, int depth)
    {
        if (at < 0 || depth > Deepest || spots.Count > MostSpots || !seen.Add(at))
            return;
        long list = (long)at - Int32(at);
        if (list < 0 || list + 4 > content.Length)
            return;
        int listAt = (int)list, listBytes = BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(listAt)),
            tableBytes = BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(listAt + 2));
        if (listAt + listBytes > content.Length)
            return;
        int count = Math.Max(0, (listBytes - 4) / 2);
        int[] offsets = [.. Enumerable.Range(0, count)
            .Select(i => (int)BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(listAt + 4 + (2 * i))))];
        int[] borders = [.. offsets.Where(static offset => offset > 0).Append(tableBytes).Order()];
        for (int i = 0; i < count; i++)
        {
            spots.Add(new(listAt + 4 + (2 * i), 2, SpotKind.Entry));
            if (offsets[i] == 0 || at + offsets[i] + 4 > content.Length)
                continue;
            if (type.Fields.FirstOrDefault(field => field.Field == i) is { Form: var form } known
                && type.Fields.Any(field => field.Field == i))
                Reference(at + offsets[i], form, known.Of, depth);
            else
                spots.Add(new(at + offsets[i], Size(borders.FirstOrDefault(border => border > offsets[i], tableBytes) - offsets[i]),
                    SpotKind.Scalar));
        }
    }

    private static int Size(int room) => room >= 8 ? 8 : room >= 4 ? 4 : room >= 2 ? 2 : 1;

    private void Reference(int at, Form form, Type? of, int depth)
    {
        spots.Add(new(at, 4, SpotKind.Offset));
        int target = Target(at);
        if (target < 0)
            return;
        if (form == Form.Table)
        {
            Table(target, of!, depth + 1);
            return;
        }
        spots.Add(new(target, 4, SpotKind.Length));
        int size = form switch { Form.Bytes => 1, Form.Longs => 8, _ => 4 };
        long count = Math.Clamp((uint)Int32(target), 0, (content.Length - target - 4) / size);
        if (form == Form.Bytes)
        {
            if (count > 0)
                spots.Add(new(target + 4, (int)count, SpotKind.Data));
            return;
        }
        for (int i = 0; i < count; i++)
        {
            int element = target + 4 + (i * size);
            spots.Add(new(element, size,
                form switch { Form.Tables => SpotKind.Offset, Form.Floats => SpotKind.Float, _ => SpotKind.Scalar }));
            if (form == Form.Tables)
                Table(Target(element), of!, depth + 1);
        }
    }
}
