using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>The end of every import: names, the signature, the check of the graph, quantization that moves along.</summary>
public static class GraphCompletion
{
    /// <summary>The graph that was built, with the source's names.</summary>
    /// <param name="builder">What was built.</param>
    /// <param name="values">The tensors of the source's values by name.</param>
    /// <param name="integers">Names of values that hold integers in the source.</param>
    /// <param name="outputs">The outputs with their names.</param>
    /// <param name="quantizations">Quantization that the model brings along, by value name; extended to what is only moved.</param>
    /// <param name="frontEnd">The words of findings.</param>
    /// <exception cref="UnsupportedModelException">An output is empty.</exception>
    /// <exception cref="ImportFaultException">The graph is not sound.</exception>
    public static Graph Complete(GraphBuilder builder, IReadOnlyDictionary<string, Tensor> values, IReadOnlyCollection<string> integers,
        IReadOnlyList<(string Name, Tensor Tensor)> outputs, Dictionary<string, Quantization> quantizations, FrontEnd frontEnd)
    {
        foreach ((string name, Tensor tensor) in outputs)
            if (tensor.Shape.ElementCount == 0)
                throw new UnsupportedModelException(
                    [new(frontEnd.UnsupportedRule, FindingSeverity.Error, $"Output '{name}' has the shape {tensor.Shape}: it is empty.",
                    "Leave it out of the outputs.", Source.None) { Tensor = name }]);
        Graph built = builder.Build();
        Graph named = ValueNamer.Apply(built, values, integers, outputs);
        Graph graph = new(named.Name, named.Nodes, named.Inputs, named.Outputs)
        {
            Signatures = [new("serving_default", [.. built.Inputs.Select(static input => input.Name)],
                [.. outputs.Select(static output => output.Name)])],
        };
        Verify(graph);
        Extend(quantizations, graph);
        return graph;
    }

    private static void Verify(Graph graph)
    {
        try
        {
            graph.Verify("the import");
        }
        catch (InvalidGraphException e)
        {
            throw new ImportFaultException(new("graph", graph.Name, new Source { NodeName = graph.Name }), e);
        }
    }

    /// <summary>
    /// What only moves elements leaves their quantization as it is; values behind it may be all that is left of them after optimization.
    /// </summary>
    private static void Extend(Dictionary<string, Quantization> quantizations, Graph graph)
    {
        foreach (Node node in graph.Nodes)
            if (node.Operator is Transpose or Reshape or Squeeze or ExpandDims && node.Output.Origin is { } to
                && quantizations.TryGetValue(node.Input(0).Origin ?? node.Input(0).Name, out Quantization? quantization))
                quantizations.TryAdd(to, quantization);
    }
}
