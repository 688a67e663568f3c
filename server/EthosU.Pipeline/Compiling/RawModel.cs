using System.Text;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Memory;
using EthosU.Npy;

namespace EthosU.Pipeline.Compiling;

/// <summary>
/// Takes a compiled model apart into NumPy arrays, for programs that drive the NPU without TensorFlow Lite Micro. The names are those of
/// Vela's raw output where that has the same part; <c>docs/compiler.md</c> lists them.
/// </summary>
internal static class RawModel
{
    public const string NotOneOperator = "compile-raw-cpu-operators";


    /// <summary>The arrays of a compiled model, in the order in which they are written.</summary>
    /// <exception cref="UnsupportedModelException">Something in it runs on the processor.</exception>
    public static List<KeyValuePair<string, NumpyArray>> Parts(Graph compiled)
    {
        if (compiled.Nodes is not [var only] || !EthosUNode.Matches(only))
            throw Refusal(compiled);
        EthosUNode node = EthosUNode.Of(only, "");
        Dictionary<Tensor, int> offsets = Offsets(compiled);
        if (compiled.Inputs.Concat(compiled.Outputs).Any(edge => offsets.GetValueOrDefault(edge, -1) < 0))
            throw Refusal(compiled);
        List<KeyValuePair<string, NumpyArray>> parts = [];
        Add("cmd_data", Bytes(node.Payload));
        Add("weight_data", Bytes(node.ReadOnlyData));
        Add("weight_region", Numbers([1], MemoryRegions.ReadOnly));
        Add("scratch_shape", Numbers([1], checked((int)node.Scratch.Shape.ElementCount)));
        Add("scratch_region", Numbers([1], MemoryRegions.Arena));
        // A fast memory of its own, or none: the driver's pointer may then be that of the arena.
        Add("scratch_fast_shape", Numbers([1], node.FastScratch == node.Scratch ? 0 : checked((int)node.FastScratch.Shape.ElementCount)));
        Add("scratch_fast_region", Numbers([1], MemoryRegions.Fast));
        AddEdges("input", [.. compiled.Inputs]);
        AddEdges("output", [.. compiled.Outputs]);
        AddEdges("variable", [.. node.Inputs.Where(static input => input.IsVariable)]);
        return parts;

        void AddEdges(string prefix, Tensor[] edges)
        {
            int rank = edges.Length == 0 ? 0 : edges.Max(static edge => edge.Shape.Rank);
            Add($"{prefix}_shape", Numbers([edges.Length, rank],
                [.. edges.SelectMany(
                    edge => Enumerable.Repeat(1, rank - edge.Shape.Rank)
                        .Concat(Enumerable.Range(0, edge.Shape.Rank).Select(axis => edge.Shape[axis])))]));
            Add($"{prefix}_elem_size", Numbers([edges.Length], [.. edges.Select(static edge => (int)edge.Type.ByteSize())]));
            Add($"{prefix}_region", Numbers([edges.Length], [.. edges.Select(static _ => MemoryRegions.Arena)]));
            Add($"{prefix}_offset", Numbers([edges.Length], [.. edges.Select(edge => offsets[edge])]));
            Add($"{prefix}_scale",
                NumpyArray.From<float>([edges.Length], edges.Select(static edge => edge.Quantization is { } q ? q.Scales[0] : 0)
                    .ToArray()));
            Add($"{prefix}_zero_point",
                Numbers([edges.Length], [.. edges.Select(static edge => edge.Quantization is { } q ? (int)q.ZeroPoints[0] : 0)]));
            Add($"{prefix}_names", Text(edges.Select(static edge => edge.Name)));
        }

        void Add(string name, NumpyArray array) => parts.Add(new(name, array));
    }

    private static Dictionary<Tensor, int> Offsets(Graph compiled)
    {
        OfflineMemoryPlan plan = OfflineMemoryPlan.Of(compiled, "")
            ?? throw new InvalidOperationException("a compiled model has no memory plan");
        Dictionary<Tensor, int> offsets = [];
        foreach ((Tensor tensor, int offset) in compiled.Tensors.Zip(plan.Offsets))
            offsets[tensor] = offset;
        return offsets;
    }

    private static UnsupportedModelException Refusal(Graph compiled)
    {
        string[] others =
            [.. compiled.Nodes.Where(static node => !EthosUNode.Matches(node)).Select(static node => $"{node.Operator.Name} {node.Name}")];
        string what = others.Length > 0 ? string.Join(", ", others.Take(5)) + (others.Length > 5 ? $" and {others.Length - 5} more" : "")
            : "an output that is an input or a constant";
        return new([new(NotOneOperator, FindingSeverity.Error,
            $"The raw format holds one part for the NPU and nothing else, but this model has more: {what}.",
            "Write a TensorFlow Lite model (--format tflite), or change what does not run on the NPU; ethosu check names it with advice.",
            Source.None)]);
    }

    private static NumpyArray Bytes(Tensor tensor) => new(ElementType.UInt8, [tensor.Data!.Bytes.Length], tensor.Data.Bytes);

    private static NumpyArray Numbers(Shape shape, params ReadOnlySpan<int> values) => NumpyArray.From(shape, values);

    private static NumpyArray Text(IEnumerable<string> lines)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        return new(ElementType.UInt8, [text.Length], text);
    }
}
