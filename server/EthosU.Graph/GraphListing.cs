using System.Globalization;
using System.Text;

namespace EthosU.Graphs;

/// <summary>
/// A graph as text, for people and for tests: the inputs, then one line per node
/// <c>%output type[shape] {quantization} = OPERATOR(%operand, …) options  # source</c>, then the outputs.
/// </summary>
public static class GraphListing
{
    private const int ConstantPreview = 8;

    /// <summary>The listing; line n + 1 + (number of inputs) is node n, lines counted from 1.</summary>
    public static string Write(Graph graph)
    {
        StringBuilder text = new();
        foreach (Tensor input in graph.Inputs)
            text.Append("input ").Append(Describe(input)).Append('\n');
        foreach (Node node in graph.Nodes)
            text.Append(WriteNode(node)).Append('\n');
        foreach (Tensor output in graph.Outputs)
            text.Append("output %").Append(output.Name).Append('\n');
        return text.ToString();
    }

    /// <summary>The line of one node, without line break.</summary>
    public static string WriteNode(Node node)
    {
        StringBuilder text = new();
        text.AppendJoin(", ", node.Outputs.Select(Describe)).Append(" = ").Append(node.Operator.Name).Append('(');
        text.AppendJoin(", ", node.Inputs.Select(DescribeOperand)).Append(')');
        string options = OperatorOptions.Describe(node.Operator);
        if (options.Length > 0)
            text.Append(' ').Append(options);
        if (node.Source != Source.None)
            text.Append("  # ").Append(node.Source);
        return text.ToString();
    }

    private static string Describe(Tensor tensor) =>
        $"%{tensor.Name} {tensor.Type.DisplayName()}{tensor.Shape}{(tensor.Quantization is { } q ? $" {{{q}}}" : "")}";

    private static string DescribeOperand(Tensor? tensor)
    {
        if (tensor is null)
            return "-";
        if (tensor.Data is not { } data)
            return $"%{tensor.Name}";
        if (data.Count > ConstantPreview || data.Type == ElementType.Int4 || tensor.Quantization is not null)
            return $"const {Describe(tensor)}";
        string values = data.Type.IsFloat()
            ? string.Join(", ", data.ToFloatArray().Select(v => v.ToString("G6", CultureInfo.InvariantCulture)))
            : string.Join(", ", data.ToInt64Array());
        return data.Shape.Rank == 0 ? values : $"[{values}]";
    }
}
