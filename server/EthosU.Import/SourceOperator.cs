using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>The operator of the source model that is being imported, as findings and names of tensors speak of it.</summary>
/// <param name="Type">Its type in the source's spelling: <c>Conv</c>, <c>aten.convolution</c>.</param>
/// <param name="ValueName">Name of its first result; names of the tensors that are made for it begin with it.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record SourceOperator(string Type, string ValueName, Source Source)
{
    /// <summary>Before the first operator.</summary>
    public static SourceOperator None { get; } = new("", "", Source.None);

    /// <summary>The finding that the operator cannot be expressed.</summary>
    /// <param name="rule">Its rule.</param>
    /// <param name="problem">Why, and what to do.</param>
    public Finding Refused(string rule, UnsupportedOperatorException problem) =>
        new(rule, FindingSeverity.Error, problem.Message, problem.Advice, Source) { Operator = Type };
}
