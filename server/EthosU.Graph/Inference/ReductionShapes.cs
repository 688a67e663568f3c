using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>Operators that reduce or scan axes.</summary>
internal static class ReductionShapes
{
    public static TensorType Infer(Operator op, Operands x)
    {
        Shape shape = x.Shape(0);
        switch (op)
        {
            case Reduce reduce:
            {
                HashSet<int> axes = [];
                foreach (int axis in x.Integers(1))
                    axes.Add(x.Axis(shape, axis));
                var sizes = ImmutableArray.CreateBuilder<int>();
                for (int axis = 0; axis < shape.Rank; axis++)
                {
                    if (!axes.Contains(axis))
                        sizes.Add(shape[axis]);
                    else if (reduce.KeepDims)
                        sizes.Add(1);
                }
                bool same = reduce.Kind is ReduceKind.Max or ReduceKind.Min;
                return new(x[0].Type, new(sizes.ToImmutable()), same ? x[0].Quantization : null);
            }
            case ArgReduce arg:
                return new(arg.OutputType, shape.Without(x.Axis(1, shape)));
            default:
                _ = x.Axis(1, shape);
                return new(x[0].Type, shape);
        }
    }

    public static ImmutableArray<TensorType> InferTopK(Operands x)
    {
        Shape shape = x.Shape(0);
        int[] count = x.Integers(1);
        if (shape.Rank == 0 || count.Length != 1 || count[0] < 0 || count[0] > shape[-1])
            throw x.Error($"k = [{string.Join(", ", count)}] does not suit shape {shape}");
        Shape result = shape.With(-1, count[0]);
        return [new(x[0].Type, result, x[0].Quantization), new(ElementType.Int32, result)];
    }
}
