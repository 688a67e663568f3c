namespace EthosU.Graphs;

/// <summary>Element-wise operators.</summary>
internal static class ElementwiseShapes
{
    public static TensorType Infer(Operator op, Operands x)
    {
        switch (op)
        {
            case Binary binary:
                return new(x[0].Type, Broadcast(x, 0, 1),
                    binary.Kind is BinaryKind.Maximum or BinaryKind.Minimum ? x[0].Quantization : null);
            case Compare:
                return new(ElementType.Bool, Broadcast(x, 0, 1));
            case PRelu:
                return new(x[0].Type, Broadcast(x, 0, 1) == x.Shape(0) ? x.Shape(0)
                    : throw x.Error($"alpha {x.Shape(1)} is larger than the input {x.Shape(0)}"));
            case AddN:
                foreach (Tensor? input in x.All)
                    if (input is null || input.Shape != x.Shape(0))
                        throw x.Error("all inputs need one shape");
                return new(x[0].Type, x.Shape(0));
            case Select:
                if (x.Shape(1) != x.Shape(2))
                    throw x.Error($"shapes {x.Shape(1)} and {x.Shape(2)} differ");
                return new(x[1].Type, x.Shape(1), x[1].Quantization);
            case SelectV2:
            {
                Shape values = Broadcast(x, 1, 2);
                return Shape.TryBroadcast(values, x.Shape(0), out Shape all)
                    ? new(x[1].Type, all, x[1].Quantization)
                    : throw x.Error($"condition {x.Shape(0)} does not broadcast with {values}");
            }
            case Softmax or Unary { Kind: UnaryKind.LogSoftmax } or L2Normalization when x.Shape(0).Rank == 0:
                throw x.Error("a scalar has no last axis");
            default:
                return new(x[0].Type, x.Shape(0));
        }
    }

    private static Shape Broadcast(Operands x, int first, int second) =>
        Shape.TryBroadcast(x.Shape(first), x.Shape(second), out Shape shape)
            ? shape
            : throw x.Error($"shapes {x.Shape(first)} and {x.Shape(second)} do not broadcast");
}
