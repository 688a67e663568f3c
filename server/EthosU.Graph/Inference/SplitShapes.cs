using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>Operators with several results.</summary>
internal static class SplitShapes
{
    public static ImmutableArray<TensorType> Infer(Operator op, Operands x, int count)
    {
        if (count < 1)
            throw x.Error("it needs a result");
        switch (op)
        {
            case Split:
            {
                Tensor input = x[1];
                int axis = x.Axis(0, input.Shape);
                if (input.Shape[axis] % count != 0)
                    throw x.Error($"axis {axis} of {input.Shape} does not split into {count} equal parts");
                return [.. Enumerable
                    .Repeat(new TensorType(input.Type, input.Shape.With(axis, input.Shape[axis] / count), input.Quantization), count)];
            }
            case SplitV:
            {
                Tensor input = x[0];
                int axis = x.Axis(2, input.Shape);
                int[] sizes = x.Integers(1);
                int open = Array.IndexOf(sizes, -1);
                if (open >= 0)
                    sizes[open] = input.Shape[axis] - sizes.Where(size => size >= 0).Sum();
                if (sizes.Length != count || sizes.Any(size => size < 0) || sizes.Sum(size => (long)size) != input.Shape[axis])
                    throw x.Error($"sizes [{string.Join(", ", sizes)}] do not suit axis {axis} of {input.Shape} and {count} results");
                return [.. sizes.Select(size => new TensorType(input.Type, input.Shape.With(axis, size), input.Quantization))];
            }
            default:
            {
                Tensor input = x[0];
                int axis = x.Axis(input.Shape, ((Unpack)op).Axis);
                if (input.Shape[axis] != count)
                    throw x.Error($"axis {axis} of {input.Shape} does not unpack into {count} results");
                return [.. Enumerable.Repeat(new TensorType(input.Type, input.Shape.Without(axis), input.Quantization), count)];
            }
        }
    }
}
