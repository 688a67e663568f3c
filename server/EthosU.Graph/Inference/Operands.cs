using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>The operands of an operator during inference, with checked access.</summary>
internal readonly struct Operands(Operator op, ImmutableArray<Tensor?> inputs)
{
    public ImmutableArray<Tensor?> All => inputs;

    public Tensor this[int index] => Try(index) ?? throw Error($"input {index} is missing");

    public Tensor? Try(int index) => index < inputs.Length ? inputs[index] : null;

    public Shape Shape(int index) => this[index].Shape;

    /// <summary>The operand, which must have the given rank.</summary>
    public Tensor Ranked(int index, int rank) => this[index].Shape.Rank == rank
        ? this[index]
        : throw Error($"input {index} has shape {this[index].Shape}, expected rank {rank}");

    /// <summary>The values of a constant integer operand.</summary>
    public int[] Integers(int index)
    {
        Tensor tensor = this[index];
        if (tensor.Data is null)
            throw new InvalidGraphException($"{op.Name}: input {index} ('{tensor.Name}') is not constant") { IsUndecided = true };
        return tensor.Data.ToInt32Array();
    }

    public int Axis(int index, Shape shape)
    {
        int[] values = Integers(index);
        return values.Length == 1 ? Axis(shape, values[0]) : throw Error($"input {index} must hold one axis");
    }

    public int Axis(Shape shape, int axis)
    {
        int normalized = axis < 0 ? axis + shape.Rank : axis;
        return (uint)normalized < (uint)shape.Rank ? normalized : throw Error($"axis {axis} is outside shape {shape}");
    }

    public InvalidGraphException Error(string message) => new($"{op.Name}: {message}");
}
