using EthosU.Graphs;
using EthosU.Npu.Commands;

namespace EthosU.Npu.Scheduling;

/// <summary>Models that cannot be compiled at all.</summary>
internal static class ModelChecks
{
    public const string AlreadyCompiled = "compile-already-compiled";
    public const string NoOperators = "compile-empty-model";

    /// <exception cref="UnsupportedModelException">The model is one of these.</exception>
    public static void Refuse(Graph graph)
    {
        if (graph.Nodes.FirstOrDefault(EthosUNode.Matches) is { } compiled)
            throw new UnsupportedModelException([new(AlreadyCompiled, FindingSeverity.Error,
                "This model has been compiled for an Ethos-U already.",
                "Compile the quantized .tflite file that it was made from.", compiled.Source) { Operator = compiled.Operator.Name }]);
        if (graph.Nodes.IsEmpty)
            throw new UnsupportedModelException([new(NoOperators, FindingSeverity.Error,
                "The model has no operators.", "Export a model that computes something.", Source.None)]);
    }
}
