using EthosU.Graphs;
using E = EthosU.Graphs.ElementType;

namespace EthosU.TfLite;

/// <summary>The lowest version of each operator that has what a node uses (tflite-format 7).</summary>
internal static class OperatorVersions
{
    public static int Of(Node node)
    {
        ElementType? x = node.TryInput(0)?.Type;
        return node.Operator switch
        {
            OtherBuiltin o => o.Version,
            Custom o => o.Version,
            Conv2D o => Convolution(node, o),
            DepthwiseConv2D o => Depthwise(node, o),
            TransposeConv o => Transposed(node, o),
            FullyConnected o => Full(node, o),
            BatchMatMul o =>
                x switch { E.Int16 => 3, E.Int8 => 2, _ when node.Input(1).Type == E.Int8 && o.AsymmetricQuantizeInputs => 4, _ => 1 },
            Binary o => Elementwise(node, o.Kind, o.PowerOfTwoScales),
            Compare { Kind: CompareKind.Greater or CompareKind.LessEqual } => x == E.Int8 ? 2 : 1,
            Compare { Kind: CompareKind.Equal } => x switch { E.Int16 => 5, E.String => 3, E.Int8 => 2, _ => 1 },
            Compare { Kind: CompareKind.NotEqual } => x switch { E.Int16 => 4, E.String => 3, E.Int8 => 2, _ => 1 },
            Compare or Reduce { Kind: ReduceKind.Mean or ReduceKind.Max or ReduceKind.Min } or Pool2D or MirrorPad or TopK =>
                ByWidth(x, 2, 3),
            Unary o => Activation(node, o.Kind),
            Softmax => x switch { E.Float16 => 4, E.Int16 => 3, E.Int8 => 2, _ => 1 },
            LeakyRelu => x == E.Int16 ? 2 : 1,
            Gelu => x switch { E.Float16 => 3, E.Int8 or E.UInt8 => 2, _ => 1 },
            L2Normalization => node.Output.Type == E.Int8 ? 2 : 1,
            Reduce { Kind: ReduceKind.Sum } or SpaceToDepth or DepthToSpace or SplitV => x == E.Int8 ? 2 : 1,
            Reduce { Kind: ReduceKind.Product } => x is E.Int8 or E.Int16 ? 2 : 1,
            ArgReduce => x switch { E.Bool => 3, E.Int8 => 2, _ => 1 },
            Concatenation => x switch { E.Float16 => 6, E.Int4 => 5, E.UInt32 => 4, E.Int16 => 3, E.Int8 => 2, _ => 1 },
            Pack => x switch { E.UInt32 => 4, E.Int16 => 3, E.Int8 => 2, _ => 1 },
            Unpack => x switch { E.Float16 => 5, E.Int16 => 4, E.Bool => 3, E.Int8 or E.UInt8 => 2, _ => 1 },
            Split => node.Input(1).Type switch { E.Int16 => 4, E.Int32 => 3, E.Int8 => 2, _ => 1 },
            Squeeze => x == E.String ? 2 : 1,
            _ => Movement(node, x),
        };
    }

    private static int Movement(Node node, ElementType? x)
    {
        int rank = node.TryInput(0)?.Shape.Rank ?? 0;
        return node.Operator switch
        {
            Transpose => x switch
            {
                E.Float16 => 9,
                _ when rank > 6 => 8,
                E.Int4 => 7,
                _ when rank > 5 => 6,
                E.Int16 => 5,
                _ when rank > 4 => 4,
                E.Bool => 3,
                E.Int8 => 2,
                _ => 1,
            },
            Pad or PadV2 => x switch { E.Bool => 5, _ when rank > 4 => 4, E.Int16 => 3, E.Int8 => 2, _ => 1 },
            Slice => x switch { E.Float16 => 8, E.Int4 => 7, E.UInt32 => 6, _ when rank > 4 => 5, E.Int16 => 4, E.String => 3, E.Int8 =>
                2, _ => 1 },
            StridedSlice o => o.Offset ? 8 : x == E.UInt32 ? 7 : o.EllipsisMask != 0 || o.NewAxisMask != 0 ? 6
                : x == E.String ? 5 : rank > 4 ? 4 : x == E.Bool ? 3 : x == E.Int8 ? 2 : 1,
            Gather o => x == E.Int4 ? 7 : node.Input(1).Type == E.Int16 ? 6 : o.BatchDims != 0 ? 5
                : x switch { E.Int16 => 4, E.Bool => 3, E.Int8 => 2, _ => 1 },
            GatherNd => x == E.Bool ? 5 : node.Input(1).Type == E.Int16 ? 4 : x switch { E.Int16 => 3, E.String => 2, _ => 1 },
            Resize { Kind: ResizeKind.Bilinear } o => x == E.Int16 ? 4 : o.HalfPixelCenters ? 3 : x == E.Int8 ? 2 : 1,
            Resize o => x == E.Int16 ? 4 : o.HalfPixelCenters || o.AlignCorners ? 3 : x == E.Int8 ? 2 : 1,
            SpaceToBatchNd or BatchToSpaceNd => x == E.Int16 ? 4 : rank != 4 ? 3 : x == E.Int8 ? 2 : 1,
            Quantize => node.Output.Type == E.Int4 ? 4 : node.Output.Quantization?.IsPerAxis == true ? 3 : node.Output.Type == E.Int16 ? 2
                : 1,
            Dequantize => x switch { E.Int4 => 6, E.Int16 or E.Float16 => 3, E.Int8 =>
                node.Input(0).Quantization?.IsPerAxis == true ? 5 : 2, _ => 1 },
            Cast => CastVersion(x, node.Output.Type),
            Select => x == E.UInt32 ? 4 : rank == 5 ? 3 : x == E.Int8 ? 2 : 1,
            SelectV2 => node.Input(1).Type == E.UInt32 ? 2 : 1,
            Fill => node.Input(1).Type switch { E.Bool or E.String => 2, E.Int8 or E.Int16 => 3, _ => 1 },
            Tile => x switch { E.Int8 => 3, E.String => 2, _ => 1 },
            BroadcastTo => x is E.Int8 or E.Int16 ? 3 : 2,
            ReverseV2 => x switch { E.Int8 => 3, E.Bool => 2, _ => 1 },
            NumberRange => x == E.Int64 ? 2 : 1,
            EmbeddingLookup => node.Input(1).Quantization?.IsPerAxis == true || node.Input(1).Type == E.Int4 ? 4 : 1,
            DynamicUpdateSlice => x switch { E.Int16 => 4, E.Float16 => 3, _ when node.Input(2).Type == E.Int64 => 2, _ => 1 },
            Svdf => x == E.Int8 ? 3 : node.Input(1).Type == E.Int8 ? 2 : 1,
            _ => 1,
        };
    }

    private static int ByWidth(ElementType? type, int int8, int int16) => type switch { E.Int16 => int16, E.Int8 => int8, _ => 1 };

    private static int CastVersion(ElementType? from, ElementType to)
    {
        bool Either(ElementType type) => from == type || to == type;
        return Either(E.Float64) || Either(E.Float16) ? 5 : Either(E.UInt16) ? 4 : Either(E.Int8) ? 3 : Either(E.UInt32) ? 2 : 1;
    }

    private static int Convolution(Node node, Conv2D op)
    {
        Tensor x = node.Input(0), filter = node.Input(1);
        if (x.Type == E.Int16 && filter.Type == E.Int8)
            return op.QuantizedBiasType is null ? 4 : 8;
        if (filter.Shape[3] != x.Shape[3])
            return 6;
        return (x.Type, filter.Type) switch
        {
            (E.Int8, E.Int8) => 3,
            (E.Int8, E.Int4) => 7,
            (E.Float32, E.Int8) => filter.Quantization?.IsPerAxis == true ? 5 : 2,
            _ => 1,
        };
    }

    private static int Depthwise(Node node, DepthwiseConv2D op)
    {
        Tensor x = node.Input(0), filter = node.Input(1);
        return (x.Type, filter.Type) switch
        {
            (E.Int16, _) => 5,
            (E.Float32, E.Int8) => filter.Quantization?.IsPerAxis == true ? 6 : 4,
            (E.Int8, E.Int8) => 3,
            (E.Int8, E.Int4) => 7,
            _ => op.DilationHeight != 1 || op.DilationWidth != 1 ? 2 : 1,
        };
    }

    private static int Transposed(Node node, TransposeConv op)
    {
        ElementType x = node.Input(2).Type;
        return x == E.Int16 && op.QuantizedBiasType is not null ? 5
            : op.Activation != FusedActivation.None ? 4
            : node.TryInput(3) is not null ? 3
            : x == E.Int8 ? 2 : 1;
    }

    private static int Full(Node node, FullyConnected op)
    {
        Tensor x = node.Input(0), weights = node.Input(1);
        return (x.Type, weights.Type) switch
        {
            (E.Int16, E.Int4) => 13,
            (E.Float32, E.Int8) when weights.Quantization?.IsPerAxis == true => 12,
            (E.Int16, E.Int8) when op.QuantizedBiasType is not null => 11,
            (E.Int16, E.Int16) or (E.Int16, E.Int8) => 7,
            _ when node.TryInput(2) is null => 6,
            _ when op.KeepNumDims => 5,
            (E.Int8, E.Int8) => 4,
            (E.Int8, E.Int4) => 10,
            (E.Float32, E.Int8) => op.AsymmetricQuantizeInputs ? 9 : 3,
            _ => op.ShuffledWeights ? 2 : 1,
        };
    }

    private static int Elementwise(Node node, BinaryKind kind, bool powerOfTwo)
    {
        Tensor a = node.Input(0), b = node.Input(1);
        ElementType x = a.Type;
        bool deepBroadcast = a.Shape != b.Shape && Math.Max(a.Shape.Rank, b.Shape.Rank) > 4;
        switch (kind)
        {
            case BinaryKind.Add:
                return x switch
                {
                    E.Float16 => 6,
                    E.Int16 when node.Output.Quantization is null => 5,
                    E.Int64 => 4,
                    E.Int16 when !powerOfTwo => 3,
                    E.Int8 => 2,
                    _ => 1,
                };
            case BinaryKind.Sub:
                return x switch { E.Int16 when !powerOfTwo => 5, E.Int64 => 4, _ when deepBroadcast => 3, E.Int8 => 2, _ => 1 };
            case BinaryKind.Mul:
                return x switch
                {
                    E.Float16 => 8,
                    E.Int16 when node.Output.Quantization is null => 7,
                    E.UInt32 => 7,
                    E.Complex64 => 6,
                    E.Int64 => 5,
                    E.Int16 => 4,
                    E.Int8 or E.UInt8 when a.Quantization is { } q && b.Quantization is { } r && node.Output.Quantization is { } o
                        && (double)q.Scale * r.Scale / o.Scale >= 1 => 3,
                    E.Int8 => 2,
                    _ => 1,
                };
            case BinaryKind.Div:
                return deepBroadcast ? 2 : 1;
            case BinaryKind.Maximum or BinaryKind.Minimum:
                return x switch { E.Int16 => 4, _ when deepBroadcast => 3, E.Int8 => 2, _ => 1 };
            case BinaryKind.SquaredDifference:
                return x == E.Int8 ? 2 : 1;
            case BinaryKind.FloorDiv:
                return x switch { E.Int16 or E.Int8 => 3, E.Float32 => 2, _ => 1 };
            case BinaryKind.FloorMod:
                return x is E.Int16 or E.Int8 ? 2 : 1;
            default:
                return 1;
        }
    }

    private static int Activation(Node node, UnaryKind kind)
    {
        ElementType x = node.Input(0).Type;
        return kind switch
        {
            UnaryKind.Relu => x switch { E.Int16 => 3, E.Int8 or E.UInt8 => 2, _ => 1 },
            UnaryKind.Relu6 or UnaryKind.Logistic or UnaryKind.Tanh or UnaryKind.Rsqrt => ByWidth(x, 2, 3),
            UnaryKind.LogSoftmax => x == E.Int8 ? 2 : 1,
            UnaryKind.Exp or UnaryKind.Log or UnaryKind.Sqrt => x is E.Int8 or E.Int16 ? 2 : 1,
            UnaryKind.Abs => x switch
            {
                E.Int32 => 5,
                E.Int16 => node.Input(0).Quantization is null ? 4 : 3,
                E.Int8 or E.UInt8 => 2,
                _ => 1,
            },
            _ => 1,
        };
    }
}
