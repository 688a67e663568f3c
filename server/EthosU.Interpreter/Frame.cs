using System.Runtime.InteropServices;
using EthosU.Interpreter.Variables;

namespace EthosU.Interpreter;

/// <summary>The memory of one node in a running instance: its operands, its results, and scratch that the next node overwrites.</summary>
internal sealed class Frame(Memory<byte>[] values, int[] inputs, int[] outputs, Memory<byte> scratch)
{
    /// <summary>Stops graphs that the node runs.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>The resource variables of the running instance.</summary>
    public VariableStore Variables { get; set; } = null!;

    /// <summary>The elements of an operand; empty if it is left out.</summary>
    public ReadOnlySpan<T> Input<T>(int index) where T : unmanaged => MemoryMarshal.Cast<byte, T>(InputBytes(index).Span);

    public ReadOnlyMemory<byte> InputBytes(int index) => index < inputs.Length && inputs[index] >= 0 ? values[inputs[index]] : default;

    /// <summary>The elements of a variable among the operands, to be changed.</summary>
    public Span<T> State<T>(int index) where T : unmanaged => MemoryMarshal.Cast<byte, T>(values[inputs[index]].Span);

    /// <summary>The elements of a result, to be filled.</summary>
    public Span<T> Output<T>(int index = 0) where T : unmanaged => MemoryMarshal.Cast<byte, T>(values[outputs[index]].Span);

    public Span<T> Scratch<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(scratch.Span);
}
