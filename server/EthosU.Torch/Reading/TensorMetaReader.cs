using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Reading;

/// <summary>Reads type, sizes and place of tensors (pt2-format 2).</summary>
internal static class TensorMetaReader
{
    private const int MostAxes = 64, Strided = 7;

    /// <summary>A value of the graph.</summary>
    public static TensorMeta Read(JsonNode meta) => new(TypeOf(meta["dtype"]), [.. Axes(meta["sizes"]).Select(SizeReader.Read)]);

    /// <summary>A tensor with values.</summary>
    /// <param name="meta">Its description.</param>
    /// <param name="storage">The storage that it lies in.</param>
    public static StoredTensor ReadStored(JsonNode meta, ReadOnlyMemory<byte> storage) => new(TypeOf(meta["dtype"]), Numbers(meta["sizes"]),
        Numbers(meta["strides"]), Number(meta["storage_offset"]), storage);

    /// <summary>Refuses tensors that are not strided.</summary>
    /// <exception cref="UnsupportedModelException">It is sparse, or laid out otherwise.</exception>
    public static void RequireStrided(JsonNode meta, string name)
    {
        if (meta.Find("layout") is { } layout && layout.Integer() != Strided)
            throw new UnsupportedModelException([new("torch-tensor-form", FindingSeverity.Error,
                $"'{name}' is a sparse tensor, or laid out in a way of its own (layout {layout.Integer()}).",
                "Make it a plain tensor (to_dense()) before the export.", Source.None) { Tensor = name }]);
    }

    /// <summary>A type of elements.</summary>
    public static ScalarType TypeOf(JsonNode number) =>
        number.Integer() is >= 0 and <= byte.MaxValue and var value && Enum.IsDefined((ScalarType)value)
            ? (ScalarType)value : throw number.Source.Problem($"the type number {number.Integer()} is unknown");

    private static ImmutableArray<long> Numbers(JsonNode list) => [.. Axes(list).Select(Number)];

    private static IEnumerable<JsonNode> Axes(JsonNode list) =>
        list.Element.ValueKind == System.Text.Json.JsonValueKind.Array && list.Element.GetArrayLength() > MostAxes
            ? throw list.Source.Problem($"'{list.Name}' has more than {MostAxes} axes") : list.Items();

    private static long Number(JsonNode size) => SizeReader.Number(size)
        ?? throw size.Source.Problem($"'{size.Name}' of a stored tensor is an expression; a number is expected");
}
