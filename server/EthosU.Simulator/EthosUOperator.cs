using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu.Commands;
using EthosU.Npu.Memory;

namespace EthosU.Simulator;

/// <summary>
/// Runs the <c>ethos-u</c> operators of a compiled model, with the tensors where the model's memory plan puts them: <see cref="Run"/> is
/// what an interpreter
/// calls for custom operators. Safe for several threads.
/// </summary>
public sealed class EthosUOperator : IArenaOwner
{
    private const byte Unwritten = 0xA5;
    private const int ScratchInput = 2, FixedInputs = 4;

    /// <summary>
    /// Memory of any model, and for each byte of its constants: more than networks need, and little for a file that only claims to need it.
    /// </summary>
    private const long LeastLimit = 1L << 27, LimitPerByte = 32, LargestArena = 1L << 30;

    private readonly string fileName;
    private readonly SimulationOptions options;
    private readonly Dictionary<Tensor, int> offsets = [];
    private readonly ConcurrentDictionary<Tensor, NpuProgram> programs = [];
    private readonly ConcurrentDictionary<(Node, Violation), int> violations = [];
    private readonly ConditionalWeakTable<byte[], NpuMemory> sessions = [];
    private readonly Node? firstNode;
    private readonly ImmutableArray<Tensor> states = [];
    private readonly int arenaSize;
    private readonly long largestMemory = LeastLimit;
    private int order;

    /// <summary>Prepares the operators of a graph.</summary>
    /// <param name="graph">The compiled model.</param>
    /// <param name="fileTensors">The model's tensors in the file's order, to which the memory plan refers.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <param name="options">Choices of the simulator; null for the usual ones.</param>
    /// <exception cref="ModelFormatException">The model has <c>ethos-u</c> operators but no memory plan, or one that does not fit
    /// it.</exception>
    public EthosUOperator(Graph graph, ImmutableArray<Tensor> fileTensors, string fileName, SimulationOptions? options = null)
    {
        this.fileName = fileName;
        this.options = options ?? new();
        firstNode = graph.Nodes.FirstOrDefault(EthosUNode.Matches);
        if (firstNode is null)
            return;
        OfflineMemoryPlan plan = OfflineMemoryPlan.Of(graph, fileName)
            ?? throw new ModelFormatException(fileName, OfflineMemoryPlan.MetadataName,
            "the model has ethos-u operators but does not say where in memory their tensors lie");
        if (plan.Offsets.Length < fileTensors.Length)
            throw new ModelFormatException(fileName, OfflineMemoryPlan.MetadataName,
                $"the plan places {plan.Offsets.Length} tensors, the model has {fileTensors.Length}");
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
        states = [.. offsets.Keys.Where(static tensor => tensor is { IsVariable: true, IsConstant: false })];
        long constants = fileTensors.Sum(static tensor => (long)(tensor.Data?.Bytes.Length ?? 0));
        largestMemory = Math.Min(LargestArena, LeastLimit + (LimitPerByte * constants));
        arenaSize = Size(size, OfflineMemoryPlan.MetadataName);
    }

    /// <summary>Stops runs under way.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>What the command streams run so far did wrong, each once, with the operator.</summary>
    public ImmutableArray<(Node Node, Violation Violation)> Violations =>
        [.. violations.OrderBy(static pair => pair.Value).Select(static pair => pair.Key)];

    /// <summary>The program of an operator.</summary>
    /// <exception cref="ModelFormatException">Its payload is damaged.</exception>
    public NpuProgram Program(Node node)
    {
        EthosUNode operands = EthosUNode.Of(node, fileName);
        return programs.GetOrAdd(operands.Payload,
            payload => new(DriverPayload.Decode(payload.Data is { } data ? data.Bytes.Span : [], fileName), fileName));
    }

    /// <inheritdoc/>
    public int? OffsetOf(Tensor tensor) => offsets.TryGetValue(tensor, out int offset) ? offset : null;

    /// <inheritdoc/>
    public byte[] CreateArena()
    {
        byte[] arena = new byte[arenaSize];
        if (firstNode is not null)
            sessions.Add(arena, CreateMemory(arena));
        return arena;
    }

    /// <inheritdoc/>
    public void Begin(byte[] arena)
    {
        if (!sessions.TryGetValue(arena, out NpuMemory? memory))
            return;
        memory.Forget();
        byte[][] kept = [.. states.Select(state => arena.AsSpan(offsets[state], (int)Bytes(state)).ToArray())];
        Filled(arena);
        for (int i = 0; i < kept.Length; i++)
            kept[i].CopyTo(arena, offsets[states[i]]);
    }

    /// <summary>Runs an operator.</summary>
    /// <param name="node">An <c>ethos-u</c> operator of the graph.</param>
    /// <param name="operands">
    /// The values of its inputs. Where they lie in an arena of <see cref="CreateArena"/>, as an interpreter's do, the operator works on
    /// this arena, in which
    /// everything is that the operators before have left. Otherwise it gets memory of its own, with the inputs where they belong; the value
    /// of a
    /// variable tensor is then the state itself, whose bytes the run changes.
    /// </param>
    /// <returns>The values of its outputs.</returns>
    /// <exception cref="ModelFormatException">The payload is damaged, or cannot be executed to its end.</exception>
    /// <exception cref="UnsupportedModelException">It is another custom operator.</exception>
    public TensorData[] Run(Node node, IReadOnlyList<TensorData?> operands)
    {
        if (!EthosUNode.Matches(node))
            throw new UnsupportedModelException(
                [new("simulator-custom-operator", FindingSeverity.Error, $"the custom operator '{node.Operator.Name}' is not known",
                "Only ethos-u operators can be simulated; express it by other operators.", node.Source) { Operator = node.Operator.Name }]);
        EthosUNode tensors = EthosUNode.Of(node, fileName);
        NpuProgram program = Program(node);
        bool shared = ArenaOf(operands) is { } found;
        NpuMemory memory = shared ? ArenaOf(operands)! : CreateMemory(Filled(new byte[arenaSize]));
        SetConstants(memory, tensors);
        for (int i = 0; i < tensors.Inputs.Length; i++)
        {
            Tensor input = tensors.Inputs[i];
            if (input.IsConstant)
                continue;
            if (shared)
                memory.MarkWritten(MemoryRegions.Arena, Offset(node, input), (int)Bytes(input));
            else
                memory.Write(MemoryRegions.Arena, Offset(node, input), (operands[FixedInputs + i]
                    ?? throw new ModelFormatException(fileName, node.Name, $"'{input.Name}' has no value")).Bytes.Span);
        }
        SimulationResult result = NpuSimulator.Run(program, memory, options, Cancellation);
        foreach (Violation violation in result.Violations)
            Report(node, violation);
        if (!result.Completed)
            throw new ModelFormatException(fileName, node.Name,
                $"the command stream cannot be executed: {result.Violations.LastOrDefault()}");
        if (!shared)
            for (int i = 0; i < tensors.Inputs.Length; i++)
                if (tensors.Inputs[i] is { IsVariable: true } state && operands[FixedInputs + i] is { } value)
                    memory.Read(MemoryRegions.Arena, Offset(node, state), value.Bytes.Length).CopyTo(MemoryMarshal.AsMemory(value.Bytes));
        return [.. tensors.Outputs.Select(output => ReadOutput(memory, node, output))];
    }

    /// <summary>The memory of an inference that nothing has written.</summary>
    /// <exception cref="ModelFormatException">The fast memory is larger than is supported.</exception>
    internal NpuMemory CreateMemory() => CreateMemory(new byte[arenaSize]);

    /// <summary>Records what an operator does wrong, once.</summary>
    internal void Report(Node node, Violation violation) => violations.TryAdd((node, violation), Interlocked.Increment(ref order));

    /// <summary>Puts an operator's constants into memory: as a rule all operators of a model have the same.</summary>
    internal static void SetConstants(NpuMemory memory, EthosUNode tensors) =>
        memory.SetReadOnly(MemoryRegions.ReadOnly, tensors.ReadOnlyData.Data is { } data ? data.Bytes : default);

    private NpuMemory? ArenaOf(IReadOnlyList<TensorData?> operands)
    {
        // The scratch tensor is the arena itself; should it be empty, an input tells.
        for (int i = ScratchInput; i < operands.Count; i++)
            if (operands[i] is { } operand && MemoryMarshal.TryGetArray(operand.Bytes, out ArraySegment<byte> segment)
                && segment.Array is { } array
                && sessions.TryGetValue(array, out NpuMemory? memory))
                return memory;
        return null;
    }

    private NpuMemory CreateMemory(byte[] arena)
    {
        NpuMemory memory = new();
        if (firstNode is null)
            return memory;
        EthosUNode tensors = EthosUNode.Of(firstNode, fileName);
        SetConstants(memory, tensors);
        memory.SetScratch(MemoryRegions.Arena, arena);
        if (tensors.FastScratch == tensors.Scratch)
            memory.SetAlias(MemoryRegions.Fast, MemoryRegions.Arena);
        else
            memory.SetScratch(MemoryRegions.Fast, Filled(new byte[Size(Bytes(tensors.FastScratch), tensors.FastScratch.Name)]));
        return memory;
    }

    private TensorData ReadOutput(NpuMemory memory, Node node, Tensor tensor)
    {
        int offset = Offset(node, tensor), length = (int)Bytes(tensor);
        byte[] bytes = memory.Read(MemoryRegions.Arena, offset, length);
        if (options.Check && memory.CountUnwritten(MemoryRegions.Arena, offset, length) is var unwritten and > 0)
            Report(node, new(-1, ViolationRules.UnwrittenRead, $"{unwritten} bytes of the output '{tensor.Name}' have not been written"));
        return new(tensor.Type, tensor.Shape, bytes);
    }

    /// <summary>Results that depend on memory that nothing has written do not look right.</summary>
    private static byte[] Filled(byte[] memory)
    {
        memory.AsSpan().Fill(Unwritten);
        return memory;
    }

    /// <summary>A size of memory that a model of this size can be meant to use.</summary>
    private int Size(long bytes, string what) => bytes >= 0 && bytes <= largestMemory ? (int)bytes
        : throw new ModelFormatException(fileName, what,
        $"it takes {bytes} bytes of memory; at most {largestMemory} are supported for a model of this size");

    private int Offset(Node node, Tensor tensor) => offsets.TryGetValue(tensor, out int offset) ? offset
        : throw new ModelFormatException(fileName, node.Name, $"the memory plan has no place for '{tensor.Name}'");

    private static long Bytes(Tensor tensor) => tensor.Type.ByteCount(tensor.Shape.ElementCount);
}
