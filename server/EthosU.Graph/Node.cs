using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>An operator applied to tensors. Immutable; identity is the reference.</summary>
/// <param name="op">What is computed.</param>
/// <param name="inputs">Operands in the operator's order (tflite-format 6); null for an optional one left out.</param>
/// <param name="outputs">Results.</param>
/// <param name="source">Where it comes from.</param>
public sealed class Node(Operator op, ImmutableArray<Tensor?> inputs, ImmutableArray<Tensor> outputs, Source? source = null)
{
    /// <summary>What is computed.</summary>
    public Operator Operator { get; } = op;

    /// <summary>Operands in the operator's order; null for an optional one left out.</summary>
    public ImmutableArray<Tensor?> Inputs { get; } = inputs;

    /// <summary>Results in the operator's order.</summary>
    public ImmutableArray<Tensor> Outputs { get; } = outputs;

    /// <summary>Tensors that the runtime needs beside inputs and outputs (LSTM); null for one left out.</summary>
    public ImmutableArray<Tensor?> Intermediates { get; init; } = [];

    /// <summary>Where it comes from.</summary>
    public Source Source { get; } = source ?? Source.None;

    /// <summary>The single or first output.</summary>
    public Tensor Output => Outputs[0];

    /// <summary>The user's name for this node: the ONNX node's, or its output's.</summary>
    public string Name => Source.NodeName ?? (Outputs.IsEmpty ? Operator.Name : Outputs[0].Name);

    /// <summary>An operand that must be there.</summary>
    /// <exception cref="InvalidOperationException">It was left out.</exception>
    public Tensor Input(int index) => TryInput(index)
        ?? throw new InvalidOperationException($"{Operator.Name} '{Name}' has no input {index}");

    /// <summary>An operand, or null where it is left out or beyond the end.</summary>
    public Tensor? TryInput(int index) => index < Inputs.Length ? Inputs[index] : null;

    /// <summary>The value of an operand that must be constant.</summary>
    /// <exception cref="InvalidOperationException">It is missing or not constant.</exception>
    public TensorData Constant(int index) => Input(index).Data
        ?? throw new InvalidOperationException($"input {index} of {Operator.Name} '{Name}' is not constant");

    /// <summary>A copy with another operator.</summary>
    public Node WithOperator(Operator op) => new(op, Inputs, Outputs, Source) { Intermediates = Intermediates };

    /// <summary>A copy with other operands.</summary>
    public Node WithInputs(ImmutableArray<Tensor?> inputs) => new(Operator, inputs, Outputs, Source) { Intermediates = Intermediates };

    /// <summary>A copy with other results.</summary>
    public Node WithOutputs(ImmutableArray<Tensor> outputs) => new(Operator, Inputs, outputs, Source) { Intermediates = Intermediates };

    /// <summary>Outputs, operator and inputs on one line.</summary>
    public override string ToString() =>
        $"{string.Join(", ", Outputs.Select(t => t.Name))} = {Operator.Name}({string.Join(", ", Inputs.Select(t => t?.Name ?? "-"))})";
}
