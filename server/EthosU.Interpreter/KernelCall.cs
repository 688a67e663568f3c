using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>One node with the values of its operands.</summary>
internal readonly record struct KernelCall(Node Node, TensorData?[] Inputs, InterpreterOptions Options,
    Dictionary<Tensor, TensorData> Variables)
{
    public Tensor Output => Node.Outputs[0];

    public TensorData this[int index] =>
        TryInput(index) ?? throw new InvalidOperationException($"{Node.Operator.Name} '{Node.Name}' lacks input {index}");

    public TensorData? TryInput(int index) => index < Inputs.Length ? Inputs[index] : null;

    /// <summary>A result of the node's first output's type and shape.</summary>
    public TensorData Result<T>(T[] values) where T : unmanaged => TensorData.Wrap(Output.Type, Output.Shape, values);
}
