using EthosU.Graphs;
using EthosU.Npu.Commands;

namespace EthosU.Npu.Support;

/// <summary>Models that cannot be compiled at all.</summary>
internal static class ModelChecks
{
    public const string AlreadyCompiled = "compile-already-compiled";
    public const string TooLarge = "compile-too-large";
    public const string NoOperators = "compile-empty-model";

    /// <summary>Ends the compilation of models that cannot be compiled.</summary>
    /// <exception cref="UnsupportedModelException">The model is one of these.</exception>
    public static void Refuse(Graph graph)
    {
        if (graph.Nodes.FirstOrDefault(EthosUNode.Matches) is { } compiled)
            throw new UnsupportedModelException([new(AlreadyCompiled, FindingSeverity.Error,
                "This model has been compiled for an Ethos-U already.",
                "Compile the quantized .tflite file that it was made from.", compiled.Source) { Operator = compiled.Operator.Name }]);
        OpenShapes.Refuse(graph);
        foreach (Tensor tensor in graph.Tensors)
            if (tensor.Type.HasFixedSize() && tensor.Type.ByteCount(tensor.Shape.ElementCount) > int.MaxValue)
                throw Refusal($"Tensor '{tensor.Name}' has more than 2 GiB.", graph.Producer(tensor));
        if (graph.Nodes.IsEmpty)
            throw new UnsupportedModelException([new(NoOperators, FindingSeverity.Error,
                "The model has no operators.", "Export a model that computes something.", Source.None)]);
    }

    /// <summary>What to throw when something of the compiled model grows beyond what a file or the hardware can hold.</summary>
    /// <param name="what">What is too large, as a sentence.</param>
    /// <param name="node">The node that it comes from; null if it is about the whole model.</param>
    public static UnsupportedModelException Refusal(string what, Node? node = null) => new([new(TooLarge, FindingSeverity.Error, what,
        "Use smaller inputs, cut the model, or keep the operator concerned on the CPU.",
        node?.Source ?? Source.None) { Operator = node?.Operator.Name }]);
}
