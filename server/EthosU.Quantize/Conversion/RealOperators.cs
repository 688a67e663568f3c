using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>
/// Operators on real numbers that TensorFlow Lite Micro lacks, and TensorFlow Lite before 2.10, by those that they have: ATAN2, SIGN
/// and RELU_0_TO_1.
/// </summary>
internal sealed class RealOperators
{
    // arctan(z) / z by powers of z², for z from 0 to 1; the largest error is 4e-8, fitted by weighted least squares
    private static readonly float[] ArcTangent =
        [0.99999934f, -0.33329861f, 0.19946566f, -0.13908642f, 0.096422245f, -0.05591266f, 0.021863168f, -0.0040546207f];

    private readonly GraphPatch patch;
    private readonly Node node;
    private readonly List<Node> nodes = [];

    private RealOperators(GraphPatch patch, Node node) => (this.patch, this.node) = (patch, node);

    /// <summary>The graph in operators that all runtimes have.</summary>
    public static Graph Apply(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Outputs.Length != 1 || node.Output.Type != ElementType.Float32)
                continue;
            RealOperators steps = new(patch, node);
            switch (node.Operator)
            {
                case Unary { Kind: UnaryKind.Relu0To1 }:
                    steps.Limit(node.Input(0), 0);
                    break;
                case Unary { Kind: UnaryKind.Sign }: // every other number becomes larger than 1
                    steps.Limit(steps.Emit(BinaryKind.Mul, node.Input(0), steps.Number(float.MaxValue)), -1);
                    break;
                case Binary { Kind: BinaryKind.Atan2 }:
                    steps.Atan2(node.Input(0), node.Input(1));
                    break;
                default:
                    continue;
            }
            patch.Replace(node, [.. steps.nodes]);
        }
        return patch.IsEmpty ? graph : ConstantFolding.Apply(patch.Apply());
    }

    private void Limit(Tensor x, float low) => Emit(BinaryKind.Minimum, Emit(BinaryKind.Maximum, x, Number(low)), Number(1), node.Output);

    /// <summary>The angle of the smaller to the larger of |y| and |x|, brought into the right eighth of the circle.</summary>
    private void Atan2(Tensor y, Tensor x)
    {
        Tensor height = Emit(UnaryKind.Abs, y), width = Emit(UnaryKind.Abs, x);
        Tensor larger = Emit(BinaryKind.Maximum, Emit(BinaryKind.Maximum, height, width), Number(1e-37f)); // (0, 0) gives 0
        Tensor z = Emit(BinaryKind.Div, Emit(BinaryKind.Minimum, height, width), larger), square = Emit(BinaryKind.Mul, z, z);
        Tensor sum = Number(ArcTangent[^1]);
        for (int i = ArcTangent.Length - 2; i >= 0; i--)
            sum = Emit(BinaryKind.Add, Emit(BinaryKind.Mul, sum, square), Number(ArcTangent[i]));
        Tensor angle = Emit(BinaryKind.Mul, z, sum);
        angle = Choose(CompareKind.Greater, height, width, Emit(BinaryKind.Sub, Number(MathF.PI / 2), angle), angle);
        if (x.Data is null || x.Data.ToFloatArray().Any(value => value < 0))
            angle = Choose(CompareKind.Less, x, Number(0), Emit(BinaryKind.Sub, Number(MathF.PI), angle), angle);
        Choose(CompareKind.Less, y, Number(0), Emit(BinaryKind.Mul, angle, Number(-1)), angle, node.Output);
    }

    private Tensor Choose(CompareKind kind, Tensor a, Tensor b, Tensor yes, Tensor no, Tensor? result = null)
    {
        Tensor condition = Add(new Compare(kind), [a, b], null);
        return Add(new SelectV2(), [condition, yes, no], result);
    }

    private Tensor Emit(UnaryKind kind, Tensor x) => Add(new Unary(kind), [x], null);

    private Tensor Emit(BinaryKind kind, Tensor a, Tensor b, Tensor? result = null) => Add(new Binary(kind), [a, b], result);

    private Tensor Add(Operator op, Tensor[] operands, Tensor? result)
    {
        if (result is null)
        {
            TensorType type = ShapeInference.Infer(op, [.. operands], 1)[0];
            result = new(patch.MakeName($"{node.Output.Name}/step"), type.Type, type.Shape);
        }
        nodes.Add(new Node(op, [.. operands], [result], node.Source));
        return result;
    }

    private Tensor Number(float value) => new(patch.MakeName($"{node.Output.Name}/constant"), TensorData.Scalar(value));
}
