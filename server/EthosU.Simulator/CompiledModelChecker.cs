using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Memory;

namespace EthosU.Simulator;

/// <summary>
/// Goes through a compiled model once without computing: the streams keep the hardware's rules, nothing is read that has not been written,
/// and each tensor that operators hand to each other is whole when it is read.
/// </summary>
public sealed class CompiledModelChecker
{
    private readonly Graph graph;
    private readonly EthosUOperator npu;
    private readonly NpuMemory memory;
    private readonly Dictionary<Tensor, ushort> written = [];

    private CompiledModelChecker(Graph graph, EthosUOperator npu)
    {
        this.graph = graph;
        this.npu = npu;
        memory = npu.CreateMemory();
    }

    /// <summary>What is wrong with a compiled model, with the operator; empty for one without <c>ethos-u</c> operators.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="ModelFormatException">A payload or the memory plan is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ImmutableArray<(Node Node, Violation Violation)> Check(
        Graph graph, string name, CancellationToken cancellation = default) => Check(graph, [.. graph.Tensors], name, cancellation);

    /// <summary>The same of a model whose file has its tensors in another order.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="fileTensors">The model's tensors in the file's order, to which the memory plan refers.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="ModelFormatException">A payload or the memory plan is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ImmutableArray<(Node Node, Violation Violation)> Check(
        Graph graph, ImmutableArray<Tensor> fileTensors, string name, CancellationToken cancellation = default)
    {
        if (!graph.Nodes.Any(EthosUNode.Matches))
            return [];
        EthosUOperator npu = new(graph, fileTensors, name) { Cancellation = cancellation };
        new CompiledModelChecker(graph, npu).Run(cancellation);
        return npu.Violations;
    }

    private void Run(CancellationToken cancellation)
    {
        foreach (Tensor input in graph.Inputs)
            Write(input);
        foreach (Tensor state in graph.Tensors)
            if (state is { IsVariable: true, IsConstant: false })
                Write(state);
        foreach (Node node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            bool onNpu = EthosUNode.Matches(node);
            // The first operands of an ethos-u operator stand for memory.
            foreach (Tensor? input in onNpu ? node.Inputs.Skip(4) : node.Inputs)
                if (input is not null)
                    Read(node, input, "an operator reads");
            if (!onNpu)
            {
                foreach (Tensor output in node.Outputs)
                    Write(output);
                continue;
            }
            EthosUOperator.SetConstants(memory, EthosUNode.Of(node, graph.Name));
            SimulationResult result = NpuSimulator.Check(npu.Program(node), memory, cancellation);
            foreach (Violation violation in result.Violations)
                npu.Report(node, violation);
            foreach (Tensor output in node.Outputs)
            {
                Whole(node, output, "the operator should have written");
                written[output] = memory.LastWriter;
            }
        }
        foreach (Tensor output in graph.Outputs)
            Read(graph.Producer(output) ?? graph.Nodes.First(EthosUNode.Matches), output, "is a result of the model");
    }

    private void Write(Tensor tensor)
    {
        if (npu.OffsetOf(tensor) is not { } offset || tensor.IsConstant)
            return;
        memory.Region(MemoryRegions.Arena)!.MarkWritten(offset, Bytes(tensor), memory.NextWriter());
        written[tensor] = memory.LastWriter;
    }

    private void Read(Node node, Tensor tensor, string what)
    {
        if (npu.OffsetOf(tensor) is not { } offset || tensor.IsConstant || tensor.IsVariable)
            return;
        Whole(node, tensor, what);
        if (written.TryGetValue(tensor, out ushort time) && memory.Region(MemoryRegions.Arena)!.IsWrittenAfter(offset, Bytes(tensor), time))
            npu.Report(node, new(-1, ViolationRules.TensorOverwritten, $"'{tensor.Name}', which {what}, has been overwritten"));
    }

    private void Whole(Node node, Tensor tensor, string what)
    {
        if (npu.OffsetOf(tensor) is { } offset
            && memory.CountUnwritten(MemoryRegions.Arena, offset, Bytes(tensor)) is var unwritten and > 0)
            npu.Report(node,
                new(-1, ViolationRules.UnwrittenRead, $"{unwritten} bytes of '{tensor.Name}', which {what}, have not been written"));
    }

    private static int Bytes(Tensor tensor) => (int)tensor.Type.ByteCount(tensor.Shape.ElementCount);
}
