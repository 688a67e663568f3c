using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>RELU, RELU6 and RELU_N1_TO_1 become part of the operator before them, if nobody else reads its result.</summary>
internal static class ActivationFusion
{
    private static readonly (FusedActivation Activation, float Low, float High)[] Clamps =
    [
        (FusedActivation.None, float.NegativeInfinity, float.PositiveInfinity),
        (FusedActivation.Relu, 0, float.PositiveInfinity),
        (FusedActivation.Relu6, 0, 6),
        (FusedActivation.ReluN1To1, -1, 1),
    ];

    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not Unary unary || FusedForm(unary.Kind) is not { } activation)
                continue;
            Tensor x = node.Input(0);
            if (graph.Producer(x) is not { Operator: { TakesActivation: true } op } producer || x.Type != ElementType.Float32
                || !graph.HasSingleUse(x) || patch.Touches(producer) || Both(op.Activation, activation) is not { } both)
                continue;
            patch.Replace(producer, producer.WithOperator(op with { Activation = both }).WithOutputs([node.Output]));
            patch.Remove(node);
        }
        return patch.Apply();
    }

    /// <summary>The clamp that is one after the other; null if there is no such activation.</summary>
    private static FusedActivation? Both(FusedActivation first, FusedActivation second)
    {
        var a = Array.Find(Clamps, clamp => clamp.Activation == first);
        var b = Array.Find(Clamps, clamp => clamp.Activation == second);
        (float low, float high) = (Math.Clamp(a.Low, b.Low, b.High), Math.Clamp(a.High, b.Low, b.High));
        foreach (var clamp in Clamps)
            if (clamp.Low == low && clamp.High == high)
                return clamp.Activation;
        return null;
    }

    private static FusedActivation? FusedForm(UnaryKind kind) => kind switch
    {
        UnaryKind.Relu => FusedActivation.Relu,
        UnaryKind.Relu6 => FusedActivation.Relu6,
        UnaryKind.ReluN1To1 => FusedActivation.ReluN1To1,
        _ => null,
    };
}
