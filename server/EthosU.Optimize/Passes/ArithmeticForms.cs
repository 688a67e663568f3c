using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Passes;

/// <summary>
/// Writes arithmetic in the operators that microcontrollers run best: division by a constant as MUL, subtraction of one as ADD,
/// powers as products and roots, division by a root as MUL by RSQRT (the heart of layer normalization); merges constants.
/// </summary>
internal static class ArithmeticForms
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not Binary binary || node.Output.Type != ElementType.Float32 || patch.Touches(node))
                continue;
            if (binary.Kind == BinaryKind.Div && !node.Input(1).IsConstant)
                DivideByRoot(graph, patch, node, binary);
            else if (node.WithConstant() is { Constant.Type: ElementType.Float32 } operands)
                WithConstant(graph, patch, node, binary, operands.X, operands.Constant, operands.IsFirst);
        }
        return patch.Apply();
    }

    private static void WithConstant(Graph graph, GraphPatch patch, Node node, Binary binary, Tensor x, TensorData constant, bool isFirst)
    {
        switch (binary.Kind)
        {
            case BinaryKind.Div when !isFirst && !constant.AsSpan<float>().Contains(0):
                Replace(binary with { Kind = BinaryKind.Mul }, Array.ConvertAll(constant.ToFloatArray(), v => 1 / v));
                break;
            case BinaryKind.Sub when !isFirst:
                Replace(binary with { Kind = BinaryKind.Add }, Array.ConvertAll(constant.ToFloatArray(), v => -v));
                break;
            case BinaryKind.Pow when !isFirst && x.Shape == node.Output.Shape && binary.Activation == FusedActivation.None
                && Operands.Single(constant) is { } exponent:
                Power(patch, node, x, exponent);
                break;
            case BinaryKind.Mul or BinaryKind.Add
                when graph.Producer(x) is { Operator: Binary { Activation: FusedActivation.None } inner } producer
                && inner.Kind == binary.Kind
                && producer.WithConstant() is { Constant.Type: ElementType.Float32 } first && graph.HasSingleUse(x)
                && !patch.Touches(producer)
                && x.Shape == node.Output.Shape && first.X.Shape == x.Shape:
            {
                TensorData both = Constants.Evaluate(new Binary(binary.Kind), first.Constant, constant);
                patch.Remove(producer);
                patch.Replace(node, node.WithInputs([first.X, new Tensor(patch.MakeName($"{node.Output.Name}/const"), both)]));
                break;
            }
            case BinaryKind.Mul or BinaryKind.Add when isFirst: // the constant second, so that equal nodes are found equal
                patch.Replace(node, node.WithInputs([node.Inputs[1], node.Inputs[0]]));
                break;
        }

        void Replace(Operator op, float[] values) =>
            patch.Replace(node,
            node.WithOperator(op)
                .WithInputs([x, new Tensor(patch.MakeName($"{node.Output.Name}/const"), TensorData.From<float>(constant.Shape, values))]));
    }

    private static void Power(GraphPatch patch, Node node, Tensor x, float exponent)
    {
        Node? simpler = exponent switch
        {
            2 => new Node(new Binary(BinaryKind.Mul), [x, x], node.Outputs, node.Source),
            0.5f => new Node(new Unary(UnaryKind.Sqrt), [x], node.Outputs, node.Source),
            -0.5f => new Node(new Unary(UnaryKind.Rsqrt), [x], node.Outputs, node.Source),
            _ => null,
        };
        if (simpler is not null)
            patch.Replace(node, simpler);
    }

    private static void DivideByRoot(Graph graph, GraphPatch patch, Node node, Binary binary)
    {
        Tensor root = node.Input(1);
        if (graph.Producer(root) is not { Operator: Unary { Kind: UnaryKind.Sqrt } } producer || !graph.HasSingleUse(root)
            || patch.Touches(producer))
            return;
        bool isReciprocal = Operands.Single(node.Input(0).Data) == 1 && node.Output.Shape == root.Shape
            && binary.Activation == FusedActivation.None;
        Tensor inverse = isReciprocal ? node.Output : new Tensor(patch.MakeName($"{root.Name}/inverse"), root.Type, root.Shape);
        Node rsqrt = new(new Unary(UnaryKind.Rsqrt), producer.Inputs, [inverse], producer.Source);
        patch.Remove(producer);
        if (isReciprocal)
            patch.Replace(node, rsqrt);
        else
            patch.Replace(node, rsqrt, node.WithOperator(binary with { Kind = BinaryKind.Mul }).WithInputs([node.Input(0), inverse]));
    }
}
