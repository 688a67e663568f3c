namespace EthosU.Graphs;

/// <summary>Operators that pick by index or make tensors from numbers.</summary>
internal static class IndexShapes
{
    public static TensorType Infer(Operator op, Operands x)
    {
        switch (op)
        {
            case Gather gather:
            {
                Shape data = x.Shape(0), indices = x.Shape(1);
                int axis = x.Axis(data, gather.Axis);
                int batch = gather.BatchDims < 0 ? gather.BatchDims + indices.Rank : gather.BatchDims;
                if (batch < 0 || batch > axis || batch > indices.Rank)
                    throw x.Error($"{gather.BatchDims} batch axes do not suit axis {axis} and indices {indices}");
                return new(x[0].Type, new([.. data.Sizes[..axis], .. indices.Sizes[batch..], .. data.Sizes[(axis + 1)..]]),
                    x[0].Quantization);
            }
            case GatherNd:
            {
                Shape data = x.Shape(0), indices = x.Shape(1);
                if (indices.Rank == 0 || indices[-1] > data.Rank)
                    throw x.Error($"index tuples {indices} do not suit {data}");
                return new(x[0].Type, new([.. indices.Sizes[..^1], .. data.Sizes[indices[-1]..]]), x[0].Quantization);
            }
            case ScatterNd:
                return new(x[1].Type, new([.. x.Integers(2)]), x[1].Quantization);
            case EmbeddingLookup:
                return new(x[1].Type, new([.. x.Shape(0).Sizes, .. x.Shape(1).Sizes[1..]]), x[1].Quantization);
            case OneHot oneHot:
            {
                Shape indices = x.Shape(0);
                int axis = oneHot.Axis < 0 ? oneHot.Axis + indices.Rank + 1 : oneHot.Axis;
                int[] depth = x.Integers(1);
                if (depth.Length != 1 || axis < 0 || axis > indices.Rank)
                    throw x.Error($"axis {oneHot.Axis} or depth do not suit indices {indices}");
                return new(x[2].Type, new(indices.Sizes.Insert(axis, depth[0])), x[2].Quantization);
            }
            case Fill:
                return new(x[1].Type, new([.. x.Integers(0)]), x[1].Quantization);
            case NumberRange:
                return new(x[0].Type, [Count(x)]);
            case ShapeOf shapeOf:
                return new(shapeOf.OutputType, [x.Shape(0).Rank]);
            case Rank:
                return new(ElementType.Int32, Shape.Scalar);
            case BroadcastArgs:
                return new(x[0].Type, [Math.Max(x.Shape(0)[0], x.Shape(1)[0])]);
            case DynamicUpdateSlice:
                return new(x[0].Type, x.Shape(0), x[0].Quantization);
            default:
                throw x.Error("no rule of inference");
        }
    }

    private static int Count(Operands x)
    {
        if (x[0].Data is not { } start || x[1].Data is not { } limit || x[2].Data is not { } delta)
            throw new InvalidGraphException("RANGE: start, limit and delta must be constant") { IsUndecided = true };
        double step = delta.ToFloatArray()[0];
        if (step == 0)
            throw x.Error("the step is 0");
        double count = x[0].Type.IsFloat()
            ? Math.Ceiling(((double)limit.ToFloatArray()[0] - start.ToFloatArray()[0]) / step)
            : Math.Ceiling((limit.ToInt64Array()[0] - start.ToInt64Array()[0]) / (double)delta.ToInt64Array()[0]);
        return checked((int)Math.Max(0, count));
    }
}
