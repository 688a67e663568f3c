using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter.Variables;

namespace EthosU.Interpreter;

/// <summary>Which nodes of a graph no kernel can run, and why; nothing is allocated for the graph's tensors.</summary>
public static class KernelCheck
{
    /// <summary>Everything that forbids to run a graph, with the node that it is about; empty for one that runs.</summary>
    /// <param name="graph">A sound graph.</param>
    /// <param name="cancellation">Stops between nodes.</param>
    public static ImmutableArray<(Node? Node, Finding Problem)> Find(Graph graph, CancellationToken cancellation = default)
    {
        List<(Node?, Finding)> problems = [];
        Dictionary<Tensor, string> handles = Handles(graph);
        foreach (Node node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            // The kernel is let go, with the constants that it holds in a form of its own.
            if (Prepare(node, new(), handles, out Finding? problem) is null)
                problems.Add((node, problem!));
        }
        foreach (Tensor tensor in graph.Tensors)
            if (TypeProblem(graph, tensor, handles) is { } problem)
                problems.Add((null, problem));
        return [.. problems];
    }

    /// <summary>The variables behind a graph's handles, by name.</summary>
    internal static Dictionary<Tensor, string> Handles(Graph graph)
    {
        Dictionary<Tensor, string> handles = [];
        foreach (Node node in graph.Nodes)
            if (node is { Operator: VarHandle handle, Outputs: [var output, ..] })
                handles[output] = VariableKernels.NameOf(handle);
        return handles;
    }

    /// <summary>A node's kernel; null, and the reason, if there is none.</summary>
    internal static PreparedKernel? Prepare(Node node, InterpreterOptions options, IReadOnlyDictionary<Tensor, string> handles,
        out Finding? problem)
    {
        problem = null;
        try
        {
            return KernelTable.Prepare(node, options, handles);
        }
        catch (KernelRefusedException e)
        {
            problem = new("interpreter-no-kernel", FindingSeverity.Error, e.Message,
                "Run it in a runtime that knows it, or express it by other operators.",
                node.Source) { Operator = node.Operator.Name, Tensor = node.Name };
            return null;
        }
    }

    /// <summary>What is wrong with a tensor whose elements have no size; null for others.</summary>
    internal static Finding? TypeProblem(Graph graph, Tensor tensor, Dictionary<Tensor, string> handles) =>
        tensor.Type.HasFixedSize() || handles.ContainsKey(tensor) ? null
        : new("interpreter-no-kernel", FindingSeverity.Error,
        $"'{tensor.Name}' is of type {tensor.Type.DisplayName()}, which has no fixed size.",
        "Use numeric tensors.", graph.Producer(tensor)?.Source ?? Source.None) { Tensor = tensor.Name };
}
