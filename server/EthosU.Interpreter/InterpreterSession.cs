using System.Collections.Immutable;
using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Interpreter.Variables;

namespace EthosU.Interpreter;

/// <summary>
/// A running instance of a graph with its own memory and recurrent state. Runs allocate the outputs alone, except for operators whose
/// indices are computed, custom and control flow operators, and float operators that are seldom: casts, scans, one-hot, top-k, arg-max, the
/// sequence LSTM. For one thread at a time.
/// </summary>
public sealed class InterpreterSession
{
    private readonly ExecutionPlan plan;
    private readonly Memory<byte>[] values;
    private readonly Frame[] frames;
    private readonly VariableStore variables = new();
    private readonly byte[]? plannedArena;

    internal InterpreterSession(ExecutionPlan plan)
    {
        this.plan = plan;
        values = new Memory<byte>[plan.Tensors.Count];
        Memory<byte> arena = GC.AllocateArray<byte>(plan.ArenaBytes, pinned: true),
            scratch = GC.AllocateArray<byte>(plan.ScratchBytes, pinned: true);
        plannedArena = plan.ArenaOwner?.CreateArena();
        Memory<byte> planned = plannedArena;
        for (int slot = 0; slot < values.Length; slot++)
        {
            Tensor tensor = plan.Tensors[slot];
            if (tensor.Data is { } data)
                values[slot] = MemoryMarshal.AsMemory(data.Bytes);
            else if (plan.Planned[slot] is { } offset)
                values[slot] = planned.Slice(offset, ByteCount(tensor));
            else if (plan.Offsets[slot] >= 0)
                values[slot] = arena.Slice(plan.Offsets[slot], ByteCount(tensor));
            else if (tensor.IsVariable)
                values[slot] = new byte[ByteCount(tensor)];
        }
        frames = Array.ConvertAll(plan.Steps, step => new Frame(values, step.Inputs, step.Outputs, scratch));
        ResetVariables();
    }

    /// <summary>Sets recurrent state to what it is at start-up: the zero point, or 0.</summary>
    public void ResetVariables()
    {
        variables.Clear();
        for (int slot = 0; slot < values.Length; slot++)
        {
            Tensor tensor = plan.Tensors[slot];
            if (!tensor.IsVariable || tensor.IsConstant)
                continue;
            long zero = tensor is { Type: ElementType.Int8, Quantization: { } quantization } ? quantization.ZeroPoints[0] : 0;
            values[slot].Span.Fill(unchecked((byte)zero));
        }
    }

    /// <summary>Runs the graph once.</summary>
    /// <param name="inputs">A value for each input of the graph, of its type and shape.</param>
    /// <param name="observer">Called with each tensor that a node computes; it may keep the value.</param>
    /// <param name="cancellation">Checked before each node.</param>
    /// <returns>A value for each output of the graph.</returns>
    /// <exception cref="ArgumentException">An input is of another type or shape.</exception>
    /// <exception cref="UnsupportedModelException">A node cannot run on the values it gets, such as an index outside its table.</exception>
    public TensorData[] Run(IReadOnlyList<TensorData> inputs, Action<Tensor, TensorData>? observer = null,
        CancellationToken cancellation = default) =>
        Run(inputs, Keeping(observer), variables, reuse: false, cancellation);

    /// <summary>What gives an observer values that it may keep.</summary>
    internal static TensorWatcher? Keeping(Action<Tensor, TensorData>? observer) =>
        observer is null ? null : (tensor, bytes) => observer(tensor, new(tensor.Type, tensor.Shape, bytes.ToArray()));

    /// <summary>
    /// Runs the graph once, with the resource variables of another instance where there is one. If memory is to be used again, outputs
    /// are written where those of the run before lie.
    /// </summary>
    internal TensorData[] Run(IReadOnlyList<TensorData> inputs, TensorWatcher? watcher, VariableStore? store, bool reuse,
        CancellationToken cancellation)
    {
        BindInputs(inputs);
        foreach (int slot in plan.OutputSlots)
            if (plan.Planned[slot] is null && plan.Tensors[slot] is { IsConstant: false, IsVariable: false } tensor
                && tensor.Type.HasFixedSize()
                && Array.IndexOf(plan.InputSlots, slot) < 0 && !(reuse && values[slot].Length > 0))
                values[slot] = new byte[ByteCount(tensor)];
        for (int i = 0; i < frames.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ExecutionPlan.Step step = plan.Steps[i];
            try
            {
                frames[i].Cancellation = cancellation;
                frames[i].Variables = store ?? variables;
                step.Kernel.Run(frames[i]);
            }
            catch (Exception e) when (KernelTable.IsFault(e))
            {
                throw new UnsupportedModelException(
                    [new("interpreter-node-failed", FindingSeverity.Error, $"It cannot run on the values it gets: {PlainReason.Of(e)}.",
                    "Check the model's indices and the data given.",
                    step.Node.Source) { Operator = step.Node.Operator.Name, Tensor = step.Node.Name }]);
            }
            if (watcher is null)
                continue;
            foreach (int slot in step.Outputs.Where(slot => plan.Tensors[slot].Type.HasFixedSize()))
                watcher(plan.Tensors[slot], values[slot].Span);
        }
        return Array.ConvertAll(plan.OutputSlots, slot =>
        {
            Tensor tensor = plan.Tensors[slot];
            return tensor.Data
                ?? new TensorData(tensor.Type, tensor.Shape, tensor.IsVariable || plan.Planned[slot] is not null ? values[slot].ToArray()
                : values[slot]);
        });
    }

    private void BindInputs(IReadOnlyList<TensorData> inputs)
    {
        ImmutableArray<Tensor> expected = plan.Graph.Inputs;
        if (inputs.Count != expected.Length)
            throw new ArgumentException($"the model has {expected.Length} inputs, {inputs.Count} are given", nameof(inputs));
        for (int i = 0; i < inputs.Count; i++)
        {
            Tensor input = expected[i];
            if (inputs[i].Type != input.Type || inputs[i].Shape != input.Shape)
                throw new ArgumentException(
                    $"input '{input.Name}' is {input.Type.DisplayName()}{input.Shape}, given is "
                        + $"{inputs[i].Type.DisplayName()}{inputs[i].Shape}", nameof(inputs));
        }
        if (plannedArena is not null)
            plan.ArenaOwner!.Begin(plannedArena);
        for (int i = 0; i < inputs.Count; i++)
            if (plan.Planned[plan.InputSlots[i]] is null)
                values[plan.InputSlots[i]] = MemoryMarshal.AsMemory(inputs[i].Bytes);
            else
                inputs[i].Bytes.CopyTo(values[plan.InputSlots[i]]);
    }

    private static int ByteCount(Tensor tensor) => checked((int)tensor.Type.ByteCount(tensor.Shape.ElementCount));
}
