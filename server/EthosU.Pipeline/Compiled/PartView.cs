using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Pipeline.Compiled;

/// <summary>The inside of an <c>ethos-u</c> operator, for a look at it.</summary>
public sealed class PartView
{
    private readonly CompiledPart part;
    private readonly Graph graph;
    private readonly Target target;
    private readonly string fileName;

    private PartView(CompiledPart part, Graph graph, Target target, string fileName) =>
        (this.part, this.graph, this.target, this.fileName) = (part, graph, target, fileName);

    /// <summary>The accelerator that it is made for.</summary>
    public string? Accelerator => part.Payload.Config.AcceleratorName;

    /// <summary>The tensors that it reads.</summary>
    public ImmutableArray<Tensor> Inputs => part.Operands.Inputs;

    /// <summary>The tensors that it computes.</summary>
    public ImmutableArray<Tensor> Outputs => part.Operands.Outputs;

    /// <summary>Number of its operations, the stream's end included.</summary>
    public int Length => part.Groups.Length;

    /// <summary>The id of an input.</summary>
    public static string InputId(int index) => string.Create(CultureInfo.InvariantCulture, $"in{index}");

    /// <summary>The id of an output.</summary>
    public static string OutputId(int index) => string.Create(CultureInfo.InvariantCulture, $"out{index}");

    /// <summary>The id of an operation.</summary>
    public static string OperationId(int index) => string.Create(CultureInfo.InvariantCulture, $"op{index}");

    /// <summary>Its operations, in order.</summary>
    public ImmutableArray<PartOperation> Operations()
    {
        IReadOnlyDictionary<int, OperationEstimate> estimates = part.Estimate(target);
        var operations = ImmutableArray.CreateBuilder<PartOperation>();
        for (int i = 0; i < part.Groups.Length; i++)
            if (part.Groups[i].Operation is { } operation)
                operations.Add(PartOperation
                    .Of(i, part.Groups[i], operation, estimates.GetValueOrDefault(i), target.Accelerator.MacsPerCycle));
        return operations.ToImmutable();
    }

    /// <summary>
    /// Who reads what whom wrote, in the order of the readers: an edge leads from what wrote bytes last to what reads them.
    /// </summary>
    public IReadOnlyList<PartFlow> Flows() => OperationFlow.Of(part, ArenaPlaces.Of(graph, fileName)).Edges;

    internal static PartView Open(Node node, Graph graph, Target target, string fileName) =>
        new(CompiledPart.Open(node, fileName), graph, target, fileName);
}
