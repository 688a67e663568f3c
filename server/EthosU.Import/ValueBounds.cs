using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>
/// Between which numbers the elements of tensors must lie, whatever the data, as far as the operators say it: so much is known that a value
/// need not be clamped to where it lies anyway. Followed from each node to the next while the graph is built.
/// </summary>
public sealed class ValueBounds
{
    /// <summary>Nothing is known.</summary>
    public static readonly (float Low, float High) None = (float.NegativeInfinity, float.PositiveInfinity);

    private const int LargestConstant = 4096; // elements; of larger ones nothing is known
    private readonly Dictionary<Tensor, (float Low, float High)> known = [];

    /// <summary>The bounds of a tensor; infinite where nothing is known.</summary>
    public (float Low, float High) Of(Tensor? tensor)
    {
        if (tensor is null)
            return None;
        if (known.TryGetValue(tensor, out var bounds))
            return bounds;
        if (tensor.Data is not { Type: ElementType.Float32, Count: > 0 and <= LargestConstant } data)
            return None;
        bounds = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in data.AsSpan<float>())
            bounds = float.IsNaN(value) ? None : (Math.Min(bounds.Low, value), Math.Max(bounds.High, value));
        return known[tensor] = bounds;
    }

    /// <summary>Notes what a node's results can be.</summary>
    public void Follow(Node node)
    {
        var bounds = Results(node);
        if (bounds != None)
            foreach (Tensor output in node.Outputs)
                known[output] = bounds;
    }

    private (float Low, float High) Results(Node node)
    {
        switch (node.Operator)
        {
            case Unary unary:
                return Of(unary.Kind, Of(node.Inputs[0]));
            case Binary { Activation: FusedActivation.None } binary:
                return Of(binary.Kind, Of(node.Inputs[0]), Of(node.Inputs[1]));
            case Softmax:
                return (0, 1);
            case L2Normalization:
                return (-1, 1);
            case Pool2D { Kind: PoolKind.Max or PoolKind.Average } or Resize
                or Reduce { Kind: ReduceKind.Mean or ReduceKind.Max or ReduceKind.Min }:
                return Of(node.Inputs[0]);
            case Reshape or Transpose or Squeeze or ExpandDims or Slice or StridedSlice or SplitV or Gather or GatherNd or Tile
                or BroadcastTo or MirrorPad or ReverseV2
                or SpaceToDepth or DepthToSpace or Unpack:
                return Of(node.Inputs[0]);
            case Split:
                return Of(node.Inputs[1]);
            case Pad:
                return Union(Of(node.Inputs[0]), (0, 0));
            case PadV2:
                return Union(Of(node.Inputs[0]), Of(node.Inputs[2]));
            case Concatenation or Pack:
                return node.Inputs.Select(Of).Aggregate(Union);
            case Select or SelectV2:
                return Union(Of(node.Inputs[1]), Of(node.Inputs[2]));
            case LeakyRelu leaky when leaky.Alpha is >= 0 and <= 1 && Of(node.Inputs[0]) is var (low, high):
                return (low < 0 ? low * leaky.Alpha : low, high < 0 ? high * leaky.Alpha : high);
            default:
                return None;
        }
    }

    private static (float, float) Of(UnaryKind kind, (float Low, float High) x) => kind switch
    {
        UnaryKind.Relu => Clamp(x, 0, float.PositiveInfinity),
        UnaryKind.Relu6 => Clamp(x, 0, 6),
        UnaryKind.ReluN1To1 => Clamp(x, -1, 1),
        UnaryKind.Relu0To1 or UnaryKind.Logistic => Clamp((0, 1), 0, 1),
        UnaryKind.Tanh or UnaryKind.Sin or UnaryKind.Cos or UnaryKind.Sign => (-1, 1),
        UnaryKind.HardSwish => (-0.375f, Math.Max(x.High, 0)),
        UnaryKind.Elu => (Math.Max(-1, Math.Min(x.Low, 0)), Math.Max(x.High, 0)),
        UnaryKind.Abs => (0, Math.Max(Math.Abs(x.Low), Math.Abs(x.High))),
        UnaryKind.Exp or UnaryKind.Sqrt or UnaryKind.Square or UnaryKind.Rsqrt => (0, float.PositiveInfinity),
        UnaryKind.Neg => (-x.High, -x.Low),
        _ => None,
    };

    private static (float, float) Of(BinaryKind kind, (float Low, float High) a, (float Low, float High) b) => kind switch
    {
        BinaryKind.Add => Sound(a.Low + b.Low, a.High + b.High),
        BinaryKind.Sub => Sound(a.Low - b.High, a.High - b.Low),
        BinaryKind.Mul => Product(a, b),
        BinaryKind.Maximum => (Math.Max(a.Low, b.Low), Math.Max(a.High, b.High)),
        BinaryKind.Minimum => (Math.Min(a.Low, b.Low), Math.Min(a.High, b.High)),
        BinaryKind.SquaredDifference => (0, float.PositiveInfinity),
        _ => None,
    };

    private static (float, float) Product((float Low, float High) a, (float Low, float High) b)
    {
        float[] ends = [a.Low * b.Low, a.Low * b.High, a.High * b.Low, a.High * b.High];
        return ends.Any(float.IsNaN) ? None : (ends.Min(), ends.Max());
    }

    private static (float, float) Clamp((float Low, float High) x, float low, float high) =>
        (Math.Clamp(x.Low, low, high), Math.Clamp(x.High, low, high));

    private static (float Low, float High) Union((float Low, float High) a, (float Low, float High) b) =>
        (Math.Min(a.Low, b.Low), Math.Max(a.High, b.High));

    private static (float, float) Sound(float low, float high) => float.IsNaN(low) || float.IsNaN(high) ? None : (low, high);
}
