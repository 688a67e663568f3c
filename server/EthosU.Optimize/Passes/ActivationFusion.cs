using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>RELU, RELU6 and RELU_N1_TO_1 become part of the operator before them, if nobody else reads its result.</summary>
internal static class ActivationFusion
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not Unary unary || FusedForm(unary.Kind) is not { } activation)
                continue;
            Tensor x = node.Input(0);
            if (graph.Producer(x) is not { Operator: { TakesActivation: true, Activation: FusedActivation.None } op } producer
                || x.Type != ElementType.Float32 || !graph.HasSingleUse(x) || patch.Touches(producer))
                continue;
            patch.Replace(producer, producer.WithOperator(op with { Activation = activation }).WithOutputs([node.Output]));
            patch.Remove(node);
        }
        return patch.Apply();
    }

    private static FusedActivation? FusedForm(UnaryKind kind) => kind switch
    {
        UnaryKind.Relu => FusedActivation.Relu,
        UnaryKind.Relu6 => FusedActivation.Relu6,
        UnaryKind.ReluN1To1 => FusedActivation.ReluN1To1,
        _ => null,
    };
}
