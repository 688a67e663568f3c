using EthosU.Graphs;

namespace EthosU.LanguageServer.Features;

/// <summary>Bytes of a node's tensors.</summary>
internal static class NodeSizes
{
    /// <summary>Bytes of its constants as stored.</summary>
    public static long Weights(Node node) =>
        node.Inputs.OfType<Tensor>().Where(input => input.Data is not null).Sum(input => (long)input.Data!.Bytes.Length);

    /// <summary>Bytes of its results; 0 for those whose size is not fixed.</summary>
    public static long Activations(Node node) =>
        node.Outputs.Where(output => output.Type.HasFixedSize()).Sum(output => output.Type.ByteCount(output.Shape.ElementCount));
}
