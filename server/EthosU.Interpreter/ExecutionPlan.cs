using EthosU.Graphs;
using EthosU.Interpreter.Variables;

namespace EthosU.Interpreter;

/// <summary>What is decided about a graph once: kernels with their prepared constants, and the place of each tensor.</summary>
internal sealed class ExecutionPlan
{
    private readonly Dictionary<Tensor, int> slots = [];
    private readonly List<Tensor> tensors = [];

    /// <exception cref="UnsupportedModelException">Nodes cannot run; all of them are named.</exception>
    public ExecutionPlan(Graph graph, InterpreterOptions options)
    {
        Verify(graph);
        Graph = graph;
        List<Finding> problems = [];
        Steps = new Step[graph.Nodes.Length];
        InputSlots = [.. graph.Inputs.Select(Slot)];
        Dictionary<Tensor, string> handles = KernelCheck.Handles(graph);
        HasResources = graph.Nodes.Any(node => VariableKernels.Supports(node.Operator));
        for (int i = 0; i < Steps.Length; i++)
        {
            Node node = graph.Nodes[i];
            int[] inputs = [.. node.Inputs.Select(input => input is null ? -1 : Slot(input))];
            int[] outputs = [.. node.Outputs.Select(Slot)];
            if (KernelCheck.Prepare(node, options, handles, out Finding? problem) is { } kernel)
                Steps[i] = new(node, kernel, inputs, outputs);
            else
                problems.Add(problem!);
        }
        OutputSlots = [.. graph.Outputs.Select(Slot)];
        problems.AddRange(tensors.Select(tensor => KernelCheck.TypeProblem(graph, tensor, handles)).OfType<Finding>());
        if (problems.Count > 0)
            throw new UnsupportedModelException(UnsignedModel.Explain(graph) is { } unsigned ? [unsigned] : [.. problems]);
        ArenaOwner = options.ArenaOwner;
        Planned = [.. tensors.Select(tensor => tensor.IsConstant ? null : ArenaOwner?.OffsetOf(tensor))];
        ScratchBytes = Steps.Max(step => (int?)step.Kernel.ScratchBytes) ?? 0;
        (Offsets, ArenaBytes) = PlaceTensors();
    }

    public Graph Graph { get; }

    public Step[] Steps { get; }

    /// <summary>Every tensor, by slot.</summary>
    public IReadOnlyList<Tensor> Tensors => tensors;

    public int[] InputSlots { get; }

    public int[] OutputSlots { get; }

    /// <summary>Makes the arena for tensors that have a planned place; null if there is none.</summary>
    public IArenaOwner? ArenaOwner { get; }

    /// <summary>Places in the owner's arena by slot; null for tensors that the plan does not place.</summary>
    public int?[] Planned { get; }

    /// <summary>Offsets in the session's own arena by slot; −1 for tensors that live elsewhere.</summary>
    public int[] Offsets { get; }

    public int ArenaBytes { get; }

    public int ScratchBytes { get; }

    /// <summary>True if the graph has resource variables.</summary>
    public bool HasResources { get; }

    /// <summary>True if the graph has tensors that keep their value from run to run.</summary>
    public bool HasVariables => tensors.Exists(tensor => tensor.IsVariable);

    private static void Verify(Graph graph)
    {
        try
        {
            graph.Verify();
        }
        catch (InvalidGraphException e) when (graph.HasOpenSizes)
        {
            throw new UnsupportedModelException([new("interpreter-open-size", FindingSeverity.Error,
                $"The model leaves sizes of its inputs open, and the placeholders that it stores cannot run: {e.Message}.",
                "Give arrays of the sizes wanted to ethosu run, or export the model with fixed sizes.", Source.None)]);
        }
    }

    private int Slot(Tensor tensor)
    {
        if (!slots.TryGetValue(tensor, out int slot))
        {
            slots[tensor] = slot = tensors.Count;
            tensors.Add(tensor);
        }
        return slot;
    }

    private (int[] Offsets, int Bytes) PlaceTensors()
    {
        var ranges = new MemoryPlan.Range[tensors.Count];
        HashSet<int> elsewhere = [.. InputSlots, .. OutputSlots];
        for (int i = 0; i < Steps.Length; i++)
        {
            foreach (int slot in Steps[i].Outputs)
                ranges[slot] = new(i, i, ByteCount(slot));
            foreach (int slot in Steps[i].Inputs)
                if (slot >= 0)
                    // Scratch of a custom operator.
                    ranges[slot] = ranges[slot].Bytes > 0 ? ranges[slot] with { Last = i } : new(i, i, ByteCount(slot));
        }
        for (int slot = 0; slot < ranges.Length; slot++)
            if (elsewhere.Contains(slot) || Planned[slot] is not null || tensors[slot].IsConstant || tensors[slot].IsVariable)
                ranges[slot] = default;
        return MemoryPlan.Place(ranges);

        long ByteCount(int slot) =>
            tensors[slot].IsConstant || !tensors[slot].Type.HasFixedSize() ? 0
            : tensors[slot].Type.ByteCount(tensors[slot].Shape.ElementCount);
    }

    internal readonly record struct Step(Node Node, PreparedKernel Kernel, int[] Inputs, int[] Outputs);
}
