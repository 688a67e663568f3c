using EthosU.Graphs;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Reading;

/// <summary>Checks that a graph makes each value once, before it is used, and says what it is (pt2-format 3).</summary>
internal static class GraphCheck
{
    /// <summary>Refuses a graph that does not.</summary>
    /// <exception cref="ModelFormatException">A value is used before it is made, made twice, or has no type.</exception>
    public static void Require(ProgramGraph graph, JsonSource source)
    {
        HashSet<string> made = new(StringComparer.Ordinal);
        string where = source.Where;
        Make(graph.Inputs, graph, made, source);
        foreach (ProgramNode node in graph.Nodes)
        {
            source.Where = $"node '{NameLimit.Shorten(node.Source.NodeName ?? node.Name)}'";
            foreach (NamedArgument operand in node.Inputs)
                Use(operand.Value, made, source, "it uses");
            Make(node.Outputs, graph, made, source);
        }
        source.Where = where;
        foreach (Argument output in graph.Outputs)
            Use(output, made, source, "the graph gives");
    }

    private static void Use(Argument argument, HashSet<string> made, JsonSource source, string how)
    {
        foreach (string name in ArgumentNames.Of(argument))
            if (!made.Contains(name))
                throw source.Problem($"{how} '{NameLimit.Shorten(name)}', which is neither an input nor made before");
    }

    private static void Make(IEnumerable<Argument> arguments, ProgramGraph graph, HashSet<string> made, JsonSource source)
    {
        foreach (Argument argument in arguments)
        {
            foreach (string name in ArgumentNames.Of(argument))
            {
                if (!made.Add(name))
                    throw source.Problem($"'{NameLimit.Shorten(name)}' is made twice");
                if (argument is Argument.TensorValue or Argument.TensorList && !graph.Tensors.ContainsKey(name))
                    throw source.Problem($"the file says neither type nor sizes of '{NameLimit.Shorten(name)}'");
            }
        }
    }
}
