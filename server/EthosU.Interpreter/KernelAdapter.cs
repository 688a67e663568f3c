using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>Runs kernels that make their own results: those whose operands' values decide what they do.</summary>
internal static class KernelAdapter
{
    public static PreparedKernel Wrap(NodeFacts facts, Func<KernelCall, TensorData[]> kernel)
    {
        Node node = facts.Node;
        InterpreterOptions options = facts.Options;
        return new(frame =>
        {
            var inputs = new TensorData?[node.Inputs.Length];
            for (int i = 0; i < inputs.Length; i++)
                if (node.Inputs[i] is { } tensor)
                    inputs[i] = tensor.Data ?? new TensorData(tensor.Type, tensor.Shape, frame.InputBytes(i));
            Dictionary<Tensor, TensorData> states = [];
            TensorData[] results = kernel(new KernelCall(node, inputs, options, states));
            if (results.Length != node.Outputs.Length)
                throw new InvalidOperationException($"{node.Outputs.Length} results are expected, {results.Length} were made");
            for (int i = 0; i < results.Length; i++)
            {
                Tensor output = node.Outputs[i];
                if (results[i].Type != output.Type || results[i].Bytes.Length != frame.Output<byte>(i).Length)
                    throw new InvalidOperationException(
                        $"the result is {results[i].Type.DisplayName()}{results[i].Shape}, expected is "
                            + $"{output.Type.DisplayName()}{output.Shape}");
                results[i].Bytes.Span.CopyTo(frame.Output<byte>(i));
            }
            for (int i = 0; i < inputs.Length; i++)
                if (node.Inputs[i] is { } tensor && states.TryGetValue(tensor, out TensorData? state))
                    state.Bytes.Span.CopyTo(frame.State<byte>(i));
        });
    }
}
