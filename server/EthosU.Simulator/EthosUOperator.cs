using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Npu.Commands;

namespace EthosU.Simulator;

/// <summary>
/// Runs the <c>ethos-u</c> operators of a compiled model, with the tensors where the model's memory plan puts them: <see cref="Run"/> is what an interpreter
/// calls for custom operators. Safe for several threads.
/// </summary>
public sealed class EthosUOperator
{
    private const int ReadOnlyRegion = 0, ArenaRegion = 1, FastRegion = 2;
    private const int ScratchInput = 2, FixedInputs = 4;
    private const long LargestArena = 1L << 30;

    private readonly string fileName;
    private readonly SimulationOptions options;
    private readonly Dictionary<Tensor, int> offsets = [];
    private readonly ConcurrentDictionary<Tensor, NpuProgram> programs = [];
    private readonly ConcurrentDictionary<(Node, Violation), int> violations = [];
    private readonly ConditionalWeakTable<byte[], Dictionary<int, NpuMemory>> sessions = [];
    private readonly Node? firstNode;
    private readonly int arenaSize;
    private int order;

    /// <summary>Prepares the operators of a graph.</summary>
    /// <param name="graph">The compiled model.</param>
    /// <param name="fileTensors">The model's tensors in the file's order, to which the memory plan refers.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <param name="options">Choices of the simulator; null for the usual ones.</param>
    /// <exception cref="ModelFormatException">The model has <c>ethos-u</c> operators but no memory plan, or one that does not fit it.</exception>
    public EthosUOperator(Graph graph, ImmutableArray<Tensor> fileTensors, string fileName, SimulationOptions? options = null)
    {
        this.fileName = fileName;
        this.options = options ?? new();
        firstNode = graph.Nodes.FirstOrDefault(EthosUNode.Matches);
        if (firstNode is null)
            return;
        OfflineMemoryPlan plan = OfflineMemoryPlan.Of(graph, fileName)
            ?? throw new ModelFormatException(fileName, OfflineMemoryPlan.MetadataName, "the model has ethos-u operators but does not say where in memory their tensors lie");
        if (plan.Offsets.Length < fileTensors.Length)
            throw new ModelFormatException(fileName, OfflineMemoryPlan.MetadataName, $"the plan places {plan.Offsets.Length} tensors, the model has {fileTensors.Length}");
        long size = 0;
        for (int i = 0; i < fileTensors.Length; i++)
        {
            if (plan.Offsets[i] < 0 || !fileTensors[i].Type.HasFixedSize())
                continue;
            offsets[fileTensors[i]] = plan.Offsets[i];
            size = Math.Max(size, plan.Offsets[i] + Bytes(fileTensors[i]));
        }
        foreach (Node node in graph.Nodes.Where(EthosUNode.Matches))
            size = Math.Max(size, Bytes(EthosUNode.Of(node, fileName).Scratch));
        if (size > LargestArena)
            throw new ModelFormatException(fileName, OfflineMemoryPlan.MetadataName, $"the arena has {size} bytes; more than {LargestArena} are not supported");
        arenaSize = (int)size;
    }

    /// <summary>Stops runs under way.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>What the command streams run so far did wrong, each once, with the operator.</summary>
    public ImmutableArray<(Node Node, Violation Violation)> Violations => [.. violations.OrderBy(static pair => pair.Value).Select(static pair => pair.Key)];

    /// <summary>The program of an operator.</summary>
    /// <exception cref="ModelFormatException">Its payload is damaged.</exception>
    public NpuProgram Program(Node node)
    {
        EthosUNode operands = EthosUNode.Of(node, fileName);
        return programs.GetOrAdd(operands.Payload, payload => new(DriverPayload.Decode(payload.Data is { } data ? data.Bytes.Span : [], fileName), fileName));
    }

    /// <summary>Runs an operator.</summary>
    /// <param name="node">An <c>ethos-u</c> operator of the graph.</param>
    /// <param name="operands">
    /// The values of its inputs. The value of a variable tensor is the state itself: the run changes its bytes. That of the scratch tensor tells which
    /// operators run on the same memory; its bytes do not matter, and it may be null for a model with one operator.
    /// </param>
    /// <returns>The values of its outputs.</returns>
    /// <exception cref="ModelFormatException">The payload is damaged, or cannot be executed to its end.</exception>
    /// <exception cref="UnsupportedModelException">It is another custom operator.</exception>
    public TensorData[] Run(Node node, IReadOnlyList<TensorData?> operands)
    {
        if (!EthosUNode.Matches(node))
            throw new UnsupportedModelException([new("simulator-custom-operator", FindingSeverity.Error, $"the custom operator '{node.Operator.Name}' is not known",
                "Only ethos-u operators can be simulated; express it by other operators.", node.Source) { Operator = node.Operator.Name }]);
        EthosUNode tensors = EthosUNode.Of(node, fileName);
        NpuProgram program = Program(node);
        NpuMemory memory = Memory(node, tensors, operands[ScratchInput]);
        for (int i = 0; i < tensors.Inputs.Length; i++)
            WriteInput(memory, node, tensors.Inputs[i], operands[FixedInputs + i]);
        SimulationResult result = NpuSimulator.Run(program, memory, options, Cancellation);
        foreach (Violation violation in result.Violations)
            violations.TryAdd((node, violation), Interlocked.Increment(ref order));
        if (!result.Completed)
            throw new ModelFormatException(fileName, node.Name, $"the command stream cannot be executed: {result.Violations.LastOrDefault()}");
        for (int i = 0; i < tensors.Inputs.Length; i++)
            WriteBackState(memory, node, tensors.Inputs[i], operands[FixedInputs + i]);
        return [.. tensors.Outputs.Select(output => ReadOutput(memory, node, output))];
    }

    /// <summary>
    /// The memory of an inference. The operators of a model share the arena and find in it what those before them left, so it lives as long as the scratch
    /// memory that an interpreter's session hands to all of them, and is made anew for the first one.
    /// </summary>
    private NpuMemory Memory(Node node, EthosUNode tensors, TensorData? scratch)
    {
        if (scratch is null || !MemoryMarshal.TryGetArray(scratch.Bytes, out ArraySegment<byte> session) || session.Count == 0)
            return CreateMemory(tensors);
        Dictionary<int, NpuMemory> memories = sessions.GetOrCreateValue(session.Array!);
        lock (memories)
        {
            if (node == firstNode || !memories.TryGetValue(session.Offset, out NpuMemory? memory))
                memories[session.Offset] = memory = CreateMemory(tensors);
            memory.SetReadOnly(ReadOnlyRegion, tensors.ReadOnlyData.Data is { } data ? data.Bytes : default);
            return memory;
        }
    }

    private NpuMemory CreateMemory(EthosUNode tensors)
    {
        NpuMemory memory = new();
        memory.SetReadOnly(ReadOnlyRegion, tensors.ReadOnlyData.Data is { } data ? data.Bytes : default);
        memory.SetScratch(ArenaRegion, arenaSize, options.Fill);
        long fast = Bytes(tensors.FastScratch);
        if (fast > LargestArena)
            throw new ModelFormatException(fileName, tensors.FastScratch.Name, $"more than {LargestArena} bytes are not supported");
        if (tensors.FastScratch == tensors.Scratch)
            memory.SetAlias(FastRegion, ArenaRegion);
        else
            memory.SetScratch(FastRegion, (int)fast, options.Fill);
        return memory;
    }

    private void WriteInput(NpuMemory memory, Node node, Tensor tensor, TensorData? value)
    {
        TensorData given = value ?? tensor.Data ?? throw new ModelFormatException(fileName, node.Name, $"'{tensor.Name}' has no value");
        memory.Write(ArenaRegion, Offset(node, tensor), given.Bytes.Span);
    }

    private void WriteBackState(NpuMemory memory, Node node, Tensor tensor, TensorData? value)
    {
        // What an interpreter hands over of a variable tensor is the state itself, which the operator changes in place.
        if (tensor.IsVariable && value is not null)
            memory.Read(ArenaRegion, Offset(node, tensor), value.Bytes.Length).CopyTo(MemoryMarshal.AsMemory(value.Bytes));
    }

    private TensorData ReadOutput(NpuMemory memory, Node node, Tensor tensor)
    {
        int offset = Offset(node, tensor), length = (int)Bytes(tensor);
        byte[] bytes = memory.Read(ArenaRegion, offset, length);
        if (options.Check && memory.CountUnwritten(ArenaRegion, offset, length) is var unwritten and > 0)
            violations.TryAdd((node, new(-1, ViolationRules.UnwrittenRead, $"{unwritten} bytes of the output '{tensor.Name}' have not been written")), Interlocked.Increment(ref order));
        return new(tensor.Type, tensor.Shape, bytes);
    }

    private int Offset(Node node, Tensor tensor) => offsets.TryGetValue(tensor, out int offset) ? offset
        : throw new ModelFormatException(fileName, node.Name, $"the memory plan has no place for '{tensor.Name}'");

    private static long Bytes(Tensor tensor) => tensor.Type.ByteCount(tensor.Shape.ElementCount);
}
