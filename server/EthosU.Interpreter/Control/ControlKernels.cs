using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Interpreter.Control;

/// <summary>IF and WHILE: they run graphs of their own (tflite-format 3.3).</summary>
internal static class ControlKernels
{
    private const int MaxRounds = 100_000; // a damaged model may never end

    public static PreparedKernel? Prepare(NodeFacts facts) => facts.Operator switch
    {
        If op => ForIf(facts, op),
        While op => ForWhile(facts, op),
        _ => null,
    };

    private static PreparedKernel ForIf(NodeFacts facts, If op)
    {
        CheckCondition(facts.Input(0), "Its condition");
        ImmutableArray<Tensor?> operands = facts.Node.Inputs[1..];
        GraphInterpreter then = Nested(op.Then, "then", operands, facts), otherwise = Nested(op.Else, "else", operands, facts);
        CheckTensors(op.Then.Outputs, facts.Node.Outputs, "Results of its graph 'then'");
        CheckTensors(op.Else.Outputs, facts.Node.Outputs, "Results of its graph 'else'");
        return new(frame => Write(frame, (frame.Input<byte>(0)[0] != 0 ? then : otherwise).RunNested(Read(frame, operands, 1), frame)));
    }

    private static PreparedKernel ForWhile(NodeFacts facts, While op)
    {
        ImmutableArray<Tensor?> operands = facts.Node.Inputs;
        GraphInterpreter condition = Nested(op.Condition, "condition", operands, facts), body = Nested(op.Body, "body", operands, facts);
        CheckTensors(op.Body.Outputs, facts.Node.Outputs, "Results of its graph 'body'");
        CheckTensors(op.Body.Outputs, operands, "Results of its graph 'body'");
        if (op.Condition.Outputs.Length != 1)
            throw new KernelRefusedException($"Its graph 'condition' has {op.Condition.Outputs.Length} results; one is expected.");
        CheckCondition(op.Condition.Outputs[0], "The result of its graph 'condition'");
        return new(frame =>
        {
            TensorData[] values = Read(frame, operands, 0);
            for (int round = 0; condition.RunNested(values, frame)[0].Bytes.Span[0] != 0; round++)
            {
                if (round == MaxRounds)
                    throw new InvalidOperationException($"the loop does not end within {MaxRounds} rounds");
                values = body.RunNested(values, frame);
            }
            Write(frame, values);
        });
    }

    private static GraphInterpreter Nested(Graph graph, string role, ImmutableArray<Tensor?> operands, NodeFacts facts)
    {
        CheckTensors(graph.Inputs, operands, $"Inputs of its graph '{role}'");
        try
        {
            GraphInterpreter nested = new(graph, facts.Options);
            return nested.HasVariables
                ? throw new KernelRefusedException($"Its graph '{role}' has recurrent state, which is not supported there.") : nested;
        }
        catch (UnsupportedModelException e)
        {
            throw new KernelRefusedException($"Its graph '{role}' cannot run: {e.Findings[0].Operator} {e.Findings[0].Reason}");
        }
    }

    private static void CheckCondition(Tensor tensor, string what)
    {
        if (tensor.Type != ElementType.Bool || tensor.Shape.ElementCount != 1)
            throw new KernelRefusedException($"{what} is {tensor.Type.DisplayName()}{tensor.Shape}; one bool is expected.");
    }

    private static void CheckTensors(ImmutableArray<Tensor> inner, IEnumerable<Tensor?> outer, string what)
    {
        Tensor?[] expected = [.. outer];
        if (inner.Length != expected.Length
            || inner.Zip(expected)
            .Any(pair => pair.Second is not { } other || pair.First.Type != other.Type || pair.First.Shape != other.Shape))
            throw new KernelRefusedException($"{what} are ({List(inner)}), but the operator has ({List(expected)}).");
    }

    private static string List(IEnumerable<Tensor?> tensors) =>
        string.Join(", ", tensors.Select(tensor => tensor is null ? "-" : $"{tensor.Type.DisplayName()}{tensor.Shape}"));

    private static TensorData[] Read(Frame frame, ImmutableArray<Tensor?> operands, int first) =>
        [.. operands.Select((tensor, i) => tensor!.Data ?? new TensorData(tensor.Type, tensor.Shape, frame.InputBytes(first + i)))];

    private static void Write(Frame frame, TensorData[] results)
    {
        for (int i = 0; i < results.Length; i++)
            results[i].Bytes.Span.CopyTo(frame.Output<byte>(i));
    }
}
