using System.Collections.Frozen;
using EthosU.Graphs;
using EthosU.Pipeline.Compiling;

namespace EthosU.LanguageServer.Analysis;

/// <summary>Cycles of a compiled model by the node that they come from.</summary>
internal sealed class NodeCycles
{
    private readonly FrozenDictionary<(string Node, string Operator), long> cycles;

    /// <summary>Sums the operations of a report.</summary>
    public NodeCycles(CompileReport report) => cycles = report.Operations
        .GroupBy(operation => (operation.Node, operation.Operator))
        .ToFrozenDictionary(group => group.Key, group => group.Sum(operation => operation.Cycles));

    /// <summary>The cycles of a node; null if none are known, as on the CPU.</summary>
    public long? Of(Node node) => cycles.TryGetValue((node.Name, node.Operator.Name), out long count) ? count : null;
}
