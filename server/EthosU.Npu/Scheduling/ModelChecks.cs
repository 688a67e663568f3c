using System.Globalization;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>Models that cannot be compiled at all.</summary>
internal static class ModelChecks
{
    public const string AlreadyCompiled = "compile-already-compiled";
    public const string MemoryLimit = "compile-memory-limit";
    public const string NoOperators = "compile-empty-model";

    /// <summary>A finding if the arena is larger than wished.</summary>
    public static IEnumerable<Finding> MemoryFindings(Target target, long arenaSize)
    {
        if (!target.IsSpilling && arenaSize > target.ArenaCacheSize)
            yield return new(MemoryLimit, FindingSeverity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"The tensor arena needs {arenaSize} bytes, {target.ArenaCacheSize} are given."),
                "Use smaller inputs or fewer channels in the first layers, or give more memory.", Source.None);
    }

    /// <summary>Ends the compilation of models that cannot be compiled.</summary>
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
