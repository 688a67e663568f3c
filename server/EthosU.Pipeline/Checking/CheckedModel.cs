using System.Collections.Frozen;
using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using EthosU.Pipeline.Formats;

namespace EthosU.Pipeline.Checking;

/// <summary>A model as it would be compiled, and where its operators would run.</summary>
/// <param name="Format">The file's kind.</param>
/// <param name="Graph">The integer model: a TensorFlow Lite file as it is; an ONNX file as conversion makes it, with ranges that are assumed.</param>
/// <param name="Target">What it is to run on.</param>
/// <param name="Placements">Where each node runs; empty for a compiled model, whose <c>ethos-u</c> operators are placed already.</param>
/// <param name="Findings">Everything to say about the model, from reading to placement.</param>
public sealed record CheckedModel(
    ModelFormat Format, Graph Graph, Target Target, FrozenDictionary<Node, Placement> Placements, ImmutableArray<Finding> Findings)
{
    /// <summary>True if the file is compiled already: it has <c>ethos-u</c> operators.</summary>
    public bool IsCompiled { get; } = Graph.Nodes.Any(EthosUNode.Matches);

    /// <summary>Number of operators that run on the processor.</summary>
    public int CpuOperatorCount => Graph.Nodes.Count(node => PlacementOf(node) == Placement.Cpu);

    /// <summary>Where a node runs.</summary>
    public Placement PlacementOf(Node node) => Placements.TryGetValue(node, out Placement placement) ? placement
        : EthosUNode.Matches(node) ? Placement.Npu : Placement.Cpu;
}
