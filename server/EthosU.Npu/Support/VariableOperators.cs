using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>The operators on resource variables of a model: one finding for all of them.</summary>
internal static class VariableOperators
{
    public const string Rule = "npu-variables";

    /// <summary>True for an operator of this family.</summary>
    public static bool Contains(Operator op) => op is VarHandle or ReadVariable or AssignVariable or CallOnce;

    /// <summary>The finding; placed on the first of the operators.</summary>
    public static Finding Explain(Graph graph)
    {
        Node[] nodes = [.. graph.Nodes.Where(node => Contains(node.Operator))];
        int variables = nodes.Select(node => node.Operator).OfType<VarHandle>().Distinct().Count();
        return new(Rule, FindingSeverity.Warning,
            $"The model keeps its state in {variables} resource {(variables == 1 ? "variable" : "variables")}; the {nodes.Length} "
                + $"operators that make, read and set them "
            + "(VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE, CALL_ONCE) run on the CPU.",
            "Nothing is wrong with that: they copy small buffers. To have the whole model on the NPU, pass the state in as an input and "
                + "out as an output.", nodes[0].Source)
        {
            Operator = nodes[0].Operator.Name,
        };
    }
}
