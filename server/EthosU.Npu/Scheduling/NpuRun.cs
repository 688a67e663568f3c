using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Lowering;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>Nodes that run on the NPU one after the other, and become one custom operator.</summary>
internal sealed class NpuRun
{
    private NpuRun(Graph graph, int number, ImmutableArray<Node> nodes)
    {
        Number = number;
        Nodes = nodes;
        HashSet<Node> members = [.. nodes];
        HashSet<Tensor> seen = [];
        var inputs = ImmutableArray.CreateBuilder<Tensor>();
        var outputs = ImmutableArray.CreateBuilder<Tensor>();
        foreach (Node node in nodes)
        {
            foreach (Tensor? tensor in node.Inputs)
                if (tensor is { IsConstant: false } && (graph.Producer(tensor) is not { } producer || !members.Contains(producer))
                    && seen.Add(tensor))
                    inputs.Add(tensor);
            foreach (Tensor tensor in node.Outputs)
                if (graph.Outputs.Contains(tensor) || graph.Consumers(tensor).Any(consumer => !members.Contains(consumer)))
                    outputs.Add(tensor);
        }
        Inputs = inputs.ToImmutable();
        Outputs = outputs.ToImmutable();
    }

    /// <summary>Number among the runs, from 0.</summary>
    public int Number { get; }

    /// <summary>The nodes, in order.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>Feature maps that come from outside, in the order of their first use.</summary>
    public ImmutableArray<Tensor> Inputs { get; }

    /// <summary>Feature maps that others need.</summary>
    public ImmutableArray<Tensor> Outputs { get; }

    /// <summary>The runs of an order; nodes whose results nobody needs make none.</summary>
    public static List<NpuRun> Split(Graph graph, Node[] order, Func<Node, bool> onNpu)
    {
        List<NpuRun> runs = [];
        for (int i = 0; i < order.Length;)
        {
            int start = i;
            while (i < order.Length && onNpu(order[i]))
                i++;
            if (i > start)
                runs.Add(new(graph, runs.Count, [.. order[start..i]]));
            else
                i++;
        }
        return runs;
    }

    /// <summary>The NPU operations of all nodes.</summary>
    public IReadOnlyList<NpuOp> Lower(Graph graph, Dictionary<Tensor, NpuTensor> shared, CancellationToken cancellation)
    {
        LoweringContext context = new(new(graph, Nodes, shared));
        foreach (Node node in Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            NodeLowering.Lower(context, node);
        }
        return context.Ops;
    }
}
