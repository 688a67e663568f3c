using System.Text;
using EthosU.Graphs;
using Google.FlatBuffers;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite;

/// <summary>Writes <c>.tflite</c> files that TensorFlow Lite, LiteRT and TensorFlow Lite Micro load (tflite-format 12).</summary>
public static class TfLiteWriter
{
    /// <summary>Name of the metadata entry that says which runtime is needed; made anew by each writing.</summary>
    internal const string RuntimeVersionEntry = "min_runtime_version";

    private const int RuntimeVersionBytes = 16;
    private const int PlanHeader = 3; // numbers before the offsets: version, subgraphs, tensors
    private const string Producer = "Ethos-U Bridge";

    /// <summary>The graph as a file. The same graph gives the same bytes.</summary>
    /// <exception cref="UnsupportedModelException">It holds an operator whose options this library cannot copy.</exception>
    /// <exception cref="InvalidGraphException">It breaks a rule that the runtimes' loaders check.</exception>
    /// <param name="graph">The graph.</param>
    /// <param name="marked">True to add to the description of somebody else's model that it was made anew here.</param>
    public static byte[] Write(Graph graph, bool marked = false)
    {
        graph.Verify();
        RefuseUnwritable(graph);
        graph = OutputCopies.Insert(graph);
        FlatBufferBuilder builder = new(EstimateSize(graph));
        BufferTable buffers = new(builder);
        OperatorCodeTable codes = new();
        SubgraphWriter subgraphs = new(builder, buffers, codes);
        subgraphs.WriteAll(graph);

        List<Offset<S.Metadata>> metadata = [];
        foreach ((string name, ReadOnlyMemory<byte> data) in graph.Metadata.Where(entry => !IsStalePlan(entry, subgraphs.TensorCount)))
            metadata.Add(S.Metadata.CreateMetadata(builder, builder.CreateString(name), buffers.Add(data)));
        byte[] version = new byte[RuntimeVersionBytes];
        Encoding.ASCII.GetBytes(codes.MinimumRelease.ToString(3), version);
        metadata.Add(S.Metadata.CreateMetadata(builder, builder.CreateString(RuntimeVersionEntry), buffers.Add(version)));

        VectorOffset signatures = WriteSignatures(builder, graph, subgraphs.MainIndices);
        VectorOffset metadataVector = S.Model.CreateMetadataVector(builder, [.. metadata]);
        VectorOffset bufferVector = S.Model.CreateBuffersVector(builder, buffers.Finish());
        VectorOffset subgraphVector = S.Model.CreateSubgraphsVector(builder, subgraphs.Finish());
        VectorOffset codeVector = S.Model.CreateOperatorCodesVector(builder, codes.Finish(builder));
        StringOffset description = builder.CreateString(marked ? Described(graph.Description) : graph.Description ?? Producer);
        S.Model.FinishModelBuffer(builder, S.Model.CreateModel(builder, 3, codeVector, subgraphVector, description, bufferVector,
            default, metadataVector, signatures));
        return builder.SizedByteArray();
    }

    /// <summary>True for a memory plan (tflite-format 8) of another number of tensors, with which no runtime loads the file.</summary>
    private static bool IsStalePlan((string Name, ReadOnlyMemory<byte> Data) entry, int tensors) =>
        entry.Name == "OfflineMemoryAllocation" && entry.Data.Length != (PlanHeader + tensors) * sizeof(int);

    private static void RefuseUnwritable(Graph graph)
    {
        Finding[] findings =
            [.. graph.Nodes.Where(node => node.Operator is OtherBuiltin { HasForeignOptions: true }).Select(node => new Finding(
            "tflite-unwritable-operator", FindingSeverity.Error, $"The operator {node.Operator.Name} has options that cannot be copied.",
            "Leave this model as it is, or remove the operator from it.", node.Source) { Operator = node.Operator.Name })];
        if (findings.Length > 0)
            throw new UnsupportedModelException([.. findings]);
    }

    private static int EstimateSize(Graph graph)
    {
        long bytes = 4096;
        foreach (Tensor tensor in graph.Tensors)
            bytes += 256 + (tensor.Data?.Bytes.Length ?? 0);
        return (int)Math.Min(bytes + (256L * graph.Nodes.Length), int.MaxValue / 2);
    }

    private static VectorOffset WriteSignatures(FlatBufferBuilder builder, Graph graph, IReadOnlyDictionary<Tensor, int> indices)
    {
        IEnumerable<Signature> signatures = graph.Signatures.IsEmpty ? [Signature.Default(graph)] : graph.Signatures;
        List<Offset<S.SignatureDef>> offsets = [];
        foreach (Signature signature in signatures)
        {
            VectorOffset inputs = S.SignatureDef.CreateInputsVector(builder, Maps(graph.Inputs, signature.InputNames));
            VectorOffset outputs = S.SignatureDef.CreateOutputsVector(builder, Maps(graph.Outputs, signature.OutputNames));
            offsets.Add(S.SignatureDef.CreateSignatureDef(builder, inputs, outputs, builder.CreateString(signature.Key), 0));
        }
        return S.Model.CreateSignatureDefsVector(builder, [.. offsets]);

        Offset<S.TensorMap>[] Maps(IReadOnlyList<Tensor> tensors, IReadOnlyList<string> names)
        {
            UniqueNames unique = new();
            return [.. tensors.Select((tensor, i) => S.TensorMap.CreateTensorMap(builder,
                builder.CreateString(unique.Make(i < names.Count ? names[i] : tensor.Name)), (uint)indices[tensor]))];
        }
    }

    // Whoever finds the file can tell that it is made anew and may be made anew again.
    private static string Described(string? description) => string.IsNullOrEmpty(description) ? Producer
        : description.Contains(Producer, StringComparison.Ordinal) ? description : $"{description} ({Producer})";
}
