using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Npu.Commands;
using EthosU.Npu.Disassembly;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using EthosU.Pipeline.Targets;

namespace EthosU.Pipeline.Compiled;

/// <summary>An <c>ethos-u</c> operator of a compiled model, opened.</summary>
/// <param name="Node">The operator.</param>
/// <param name="Operands">Its tensors by their purpose.</param>
/// <param name="Payload">What the driver gets.</param>
/// <param name="Groups">The operations with their commands, in order; the last one is the end of the stream.</param>
internal sealed record CompiledPart(Node Node, EthosUNode Operands, DriverPayload Payload, ImmutableArray<OperationGroup> Groups)
{
    /// <summary>Opens an operator for which <see cref="EthosUNode.Matches"/> holds.</summary>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    public static CompiledPart Open(Node node, string fileName)
    {
        EthosUNode operands = EthosUNode.Of(node, fileName);
        DriverPayload payload = DriverPayload.Decode(operands.Payload.Data is { } data ? data.Bytes.Span : [], fileName);
        return new(node, operands, payload, OperationGroup.Of(payload.Commands, fileName));
    }

    /// <summary>Every such operator of a graph, in order.</summary>
    /// <exception cref="ModelFormatException">One is damaged.</exception>
    public static ImmutableArray<CompiledPart> All(Graph graph, string fileName) =>
        [.. graph.Nodes.Where(EthosUNode.Matches).Select(node => Open(node, fileName))];

    /// <summary>
    /// The target that a compiled model is for: the choice where it is of the same accelerator, its accelerator's usual one otherwise.
    /// </summary>
    /// <exception cref="ModelFormatException">The model is damaged.</exception>
    /// <exception cref="UnsupportedModelException">The choice is not possible.</exception>
    public static Target TargetOf(Graph graph, string fileName, TargetChoice choice)
    {
        EthosUNode operands = EthosUNode.Of(graph.Nodes.First(EthosUNode.Matches), fileName);
        string name = DriverPayload.Decode(operands.Payload.Data is { } data ? data.Bytes.Span : [], fileName).Config.AcceleratorName!;
        return (choice.Accelerator == name ? choice : new TargetChoice { Accelerator = name }).ResolveKnown();
    }

    /// <summary>
    /// The cost of each operation, by its place in <see cref="Groups"/>; copies belong to the operation that follows them. Empty where
    /// nothing is known of an accelerator's times.
    /// </summary>
    public IReadOnlyDictionary<int, OperationEstimate> Estimate(Target target)
    {
        Dictionary<int, OperationEstimate> estimates = [];
        if (!target.Accelerator.Family.CanEstimate)
            return estimates;
        int start = 0;
        for (int i = 0; i < Groups.Length; i++)
        {
            if (Groups[i].Operation is not KernelOperation)
                continue;
            estimates[i] = PerformanceEstimator
                .Estimate(Groups[start..(i + 1)].Select(static group => group.Operation!), target).Operations[0];
            start = i + 1;
        }
        return estimates;
    }
}
