using EthosU.Graphs;
using Google.FlatBuffers;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite;

/// <summary>The operator codes of a model being written, each kind, custom name and version once (tflite-format 3.2).</summary>
internal sealed class OperatorCodeTable
{
    private const int Placeholder = 127;
    private readonly List<(BuiltinCode Code, string? Custom, int Version)> entries = [];

    /// <summary>The oldest TensorFlow release that knows all the operators' versions.</summary>
    public Version MinimumRelease { get; private set; } = new(1, 5, 0);

    public uint Add(Node node)
    {
        int version = OperatorVersions.Of(node);
        var entry = (node.Operator.Code, (node.Operator as Custom)?.CustomCode, version);
        if (OperatorReleases.Find(entry.Code, version) is { } release && release > MinimumRelease)
            MinimumRelease = release;
        int index = entries.IndexOf(entry);
        if (index >= 0)
            return (uint)index;
        entries.Add(entry);
        return (uint)entries.Count - 1;
    }

    public Offset<S.OperatorCode>[] Finish(FlatBufferBuilder builder) => [.. entries.Select(entry => S.OperatorCode.CreateOperatorCode(
        builder, (sbyte)Math.Min((int)entry.Code, Placeholder), entry.Custom is null ? default : builder.CreateString(entry.Custom),
        entry.Version, (int)entry.Code))];
}
