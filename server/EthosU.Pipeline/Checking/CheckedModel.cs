using System.Collections.Frozen;
using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using EthosU.Pipeline.Compiled;
using EthosU.Pipeline.Formats;
using EthosU.Pipeline.Targets;

namespace EthosU.Pipeline.Checking;

/// <summary>A model as it would be compiled, and where its operators would run.</summary>
public sealed record CheckedModel
{
    private readonly FrozenDictionary<Node, Placement> placements;

    /// <summary>A checked model.</summary>
    /// <param name="format">See <see cref="Format"/>.</param>
    /// <param name="graph">See <see cref="Graph"/>.</param>
    /// <param name="target">See <see cref="Target"/>.</param>
    /// <param name="placements">Where each node runs; empty for a compiled model, whose <c>ethos-u</c> operators are placed
    /// already.</param>
    /// <param name="findings">See <see cref="Findings"/>.</param>
    internal CheckedModel(ModelFormat format, Graph graph, Target target, FrozenDictionary<Node, Placement> placements,
        ImmutableArray<Finding> findings)
    {
        (Format, Graph, Target, this.placements, Findings) = (format, graph, target, placements, findings);
        IsCompiled = graph.Nodes.Any(EthosUNode.Matches);
    }

    /// <summary>The file's kind.</summary>
    public ModelFormat Format { get; }

    /// <summary>
    /// The integer model: a file that needs no conversion as it is; another as conversion makes it, with ranges that are assumed.
    /// </summary>
    public Graph Graph { get; }

    /// <summary>Everything to say about the model, from reading to placement.</summary>
    public ImmutableArray<Finding> Findings { get; }

    /// <summary>True if the file is compiled already: it has <c>ethos-u</c> operators.</summary>
    public bool IsCompiled { get; }

    /// <summary>What it is to run on, in names and figures.</summary>
    public TargetSummary TargetSummary => TargetSummary.Of(Target);

    /// <summary>Number of operators that run on the processor.</summary>
    public int CpuOperatorCount => Graph.Nodes.Count(node => !RunsOnNpu(node));

    /// <summary>What it is to run on.</summary>
    internal Target Target { get; init; }

    /// <summary>True if a node runs on the NPU.</summary>
    public bool RunsOnNpu(Node node) => placements.TryGetValue(node, out Placement placement) ? placement == Placement.Npu : IsPart(node);

    /// <summary>True for an <c>ethos-u</c> operator, inside of which are operations of the NPU.</summary>
    public static bool IsPart(Node node) => EthosUNode.Matches(node);

    /// <summary>The inside of an <c>ethos-u</c> operator.</summary>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    public PartView Open(Node node, string fileName) => PartView.Open(node, Graph, Target, fileName);

    /// <summary>The same model, to be compiled for another target; where its operators run is not looked at again.</summary>
    /// <exception cref="UnsupportedModelException">The target is not possible.</exception>
    public CheckedModel For(TargetChoice choice) => this with { Target = choice.Resolve() };
}
