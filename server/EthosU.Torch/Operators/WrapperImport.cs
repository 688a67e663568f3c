using EthosU.Import;
using EthosU.Torch.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Operators;

/// <summary>Operators around a graph that change nothing of what it computes: they are looked through (pt2-format 6).</summary>
internal static class WrapperImport
{
    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("higher_order.wrap_with_set_grad_enabled", "", static c => Inline(c, 1)),
        new("higher_order.wrap_with_autocast", "", Autocast),
        new("higher_order.hints_wrapper", "", static c => Inline(c, 0)),
        new("higher_order.invoke_subgraph", "", static c => throw Refusals.ControlFlow("higher_order.invoke_subgraph")),
        new("higher_order.cond", "", Choose),
    ];

    private static void Autocast(ProgramContext c)
    {
        if (c.Node.Inputs.Length < 5 || c.Node.Inputs[2].Value is not Argument.Truth { Value: false })
            throw new UnsupportedOperatorException("torch.autocast changes the types of what is computed.",
                "Export without autocast; types for the device are chosen at conversion.");
        Inline(c, 4);
    }

    /// <summary>The graph is the argument at an index, its operands those behind.</summary>
    private static void Inline(ProgramContext c, int index)
    {
        if (index >= c.Node.Inputs.Length || c.Node.Inputs[index].Value is not Argument.Subgraph { Graph: var graph })
            throw new UnsupportedOperatorException("It has no graph where it should be.", "Check the exported program.");
        Give(c, graph, [.. c.Node.Inputs.Skip(index + 1).Select(static input => input.Value)]);
    }

    /// <summary>A choice is possible where what chooses is known.</summary>
    private static void Choose(ProgramContext c)
    {
        if (c.Node.Inputs.Length < 3 || c.Node.Inputs[1].Value is not Argument.Subgraph yes
            || c.Node.Inputs[2].Value is not Argument.Subgraph no)
            throw Refusals.ControlFlow("higher_order.cond");
        bool? chosen = c.Node.Inputs[0].Value switch
        {
            Argument.Truth truth => truth.Value,
            Argument.Symbol symbol => ProgramContext.RealOf(c.Resolve(symbol)) != 0,
            Argument.TensorValue value when c.Lookup(value.Name).Read(c).Data is { Count: 1 } data => data.ToFloatArray()[0] != 0,
            _ => null,
        };
        Argument[] operands = c.Node.Inputs.Length == 4 && c.Node.Inputs[3].Value is Argument.TensorList list
            ? [.. list.Names.Select(static name => new Argument.TensorValue(name))]
            : [.. c.Node.Inputs.Skip(3).Select(static input => input.Value)];
        Give(c, chosen is { } known ? (known ? yes : no).Graph : throw Refusals.ControlFlow("higher_order.cond"), operands);
    }

    private static void Give(ProgramContext c, ProgramGraph graph, Argument[] operands)
    {
        foreach (Value value in c.ImportSubgraph(graph, operands))
            c.Result(value);
    }
}
