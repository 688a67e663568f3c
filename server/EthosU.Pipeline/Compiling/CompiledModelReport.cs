using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Npu.Commands;
using EthosU.Npu.Disassembly;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiled;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Compiling;

/// <summary>Says of a model that is compiled already what a compilation would have said of it, as far as the file tells.</summary>
internal static class CompiledModelReport
{
    public static CompileReport Of(string path, CheckedModel model)
    {
        Graph graph = model.Graph;
        ImmutableArray<CompiledPart> parts = CompiledPart.All(graph, path);
        Dictionary<Node, int> numbers = parts.Select((part, index) => (part.Node, index))
            .ToDictionary(static pair => pair.Node, static pair => pair.index);
        return new()
        {
            Model = path,
            Target = model.Target.ToString(),
            NpuOperators = parts.Length,
            CpuOperators = graph.Nodes.Length - parts.Length,
            Memory = Memory(parts, model.Target),
            Estimate = !model.Target.Accelerator.Family.CanEstimate ? null : EstimateReport
                .Of(PerformanceEstimator
                .Estimate(parts.SelectMany(static part => part.Groups).Select(static group => group.Operation).OfType<StreamOperation>(),
                model.Target)),
            Placement = [.. graph.Nodes
                .Select(node => new PlacementReport(node.Name, node.Operator.Name, numbers.TryGetValue(node, out int number) ? number
                : null, SourceReport.Of(node.Source)))],
            Operations = [.. parts.SelectMany((part, number) => Operations(part, number, model.Target))],
            Tensors = Tensors(path, graph),
            StepCount = graph.Nodes.Length,
            Findings = [.. model.Findings.Select(FindingReport.Of)],
        };
    }

    private static IEnumerable<OperationReport> Operations(CompiledPart part, int number, Target target)
    {
        foreach ((int index, OperationEstimate estimate) in part.Estimate(target).OrderBy(static pair => pair.Key))
        {
            OperationGroup group = part.Groups[index];
            yield return new(number, part.Node.Name, part.Node.Operator.Name, group.Kind, OperationText.Describe(group.Operation!),
                estimate.TotalCycles, estimate.Macs, SourceReport.Of(part.Node.Source));
        }
    }

    /// <summary>Weights and arena are shared by all operators: each tensor counts once.</summary>
    private static MemoryReport Memory(ImmutableArray<CompiledPart> parts, Target target)
    {
        static long Bytes(IEnumerable<Tensor> tensors) =>
            tensors.Distinct().Sum(static tensor => tensor.Type.ByteCount(tensor.Shape.ElementCount));
        Tensor[] arenas = [.. parts.Select(static part => part.Operands.Scratch).Distinct()];
        long arena = Bytes(arenas), fast = Bytes(parts.Select(static part => part.Operands.FastScratch).Except(arenas));
        return new(arena, fast, Bytes(parts.Select(static part => part.Operands.ReadOnlyData)),
            Bytes(parts.Select(static part => part.Operands.Payload)), 0,
            (target.ArenaMemory == MemoryKind.Sram ? arena : 0) + fast);
    }

    /// <summary>The tensors that the file's memory plan places; what lies inside of <c>ethos-u</c> operators has no name in it.</summary>
    private static ImmutableArray<TensorPlaceReport> Tensors(string path, Graph graph)
    {
        HashSet<Tensor> scratch =
            [.. graph.Nodes.Where(EthosUNode.Matches).Select(node => EthosUNode.Of(node, path))
            .SelectMany(static node => new[] { node.Scratch, node.FastScratch })];
        Dictionary<Node, int> steps = graph.Nodes.Select(static (node, step) => (node, step))
            .ToDictionary(static pair => pair.node, static pair => pair.step);
        var tensors = ImmutableArray.CreateBuilder<TensorPlaceReport>();
        foreach ((Tensor tensor, StreamRange range) in ArenaPlaces.Of(graph, path))
        {
            if (scratch.Contains(tensor))
                continue;
            int first = graph.Producer(tensor) is { } producer ? steps[producer] : 0;
            int last = graph.Outputs.Contains(tensor) ? graph.Nodes.Length
                : graph.Consumers(tensor).Select(node => steps[node]).DefaultIfEmpty(first).Max();
            tensors.Add(new(tensor.Name, IsFast: false, range.Address, range.Length, first, last));
        }
        return [.. tensors.OrderBy(static tensor => tensor.FirstStep).ThenBy(static tensor => tensor.Offset)];
    }
}
