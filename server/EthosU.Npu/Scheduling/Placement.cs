using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Lowering;

namespace EthosU.Npu.Scheduling;

/// <summary>Which nodes run on the NPU.</summary>
internal sealed class Placement
{
    private readonly HashSet<Node> onNpu = [];

    /// <summary>Why nodes stay on the CPU.</summary>
    public ImmutableArray<Finding> Findings { get; private init; } = [];

    /// <summary>True if the node runs on the NPU.</summary>
    public bool IsOnNpu(Node node) => onNpu.Contains(node);

    public static Placement Of(Graph graph, CompileOptions options)
    {
        Placement placement = new();
        foreach (Node node in graph.Nodes)
            if (!options.KeepOnCpu.Contains(node.Name) && CanLower(graph, node))
                placement.onNpu.Add(node);
        return placement;
    }

    private static bool CanLower(Graph graph, Node node)
    {
        try
        {
            foreach (Tensor? t in node.Inputs)
                if (t is not null && (t.Type.IsFloat() || t.Type == ElementType.Bool || t.Type is ElementType.Int4))
                    return false;
            foreach (Tensor t in node.Outputs)
                if (t.Type.IsFloat() || t.Type == ElementType.Bool)
                    return false;
            if (node.Operator is Conv2D or DepthwiseConv2D or TransposeConv && !node.Input(1).IsConstant)
                return false;
            LoweringContext context = new(new(graph, [node], []), new(true));
            NodeLowering.Lower(context, node);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or NullReferenceException or IndexOutOfRangeException)
        {
            return false;
        }
    }
}
