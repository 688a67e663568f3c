namespace EthosU.Graphs;

/// <summary>The quantization that constants of real numbers bring along from training survives what only moves their elements.</summary>
public static class MovedQuantization
{
    /// <summary>The quantization of the result of a node with constant operands; null if it has none.</summary>
    public static Quantization? Of(Node node)
    {
        if (node.Operator is not (Transpose or Reshape or Slice or Squeeze or ExpandDims)
            || node.Input(0) is not { Quantization: { } quantization } x)
            return null;
        if (!quantization.IsPerAxis)
            return quantization;
        switch (node.Operator)
        {
            case Transpose:
                return Along(Array.IndexOf(node.Constant(1).ToInt32Array(), quantization.Axis));
            case Slice:
            {
                int begin = node.Constant(1).ToInt32Array()[quantization.Axis], count = node.Output.Shape[quantization.Axis];
                return count == 0 ? null
                    : Quantization.PerAxis(quantization.Scales.Slice(begin, count), quantization.ZeroPoints.Slice(begin, count),
                    quantization.Axis);
            }
            default: // the axis stays whole if as many elements lie behind it as before
            {
                long behind = x.Shape.Strides()[quantization.Axis];
                var strides = node.Output.Shape.Strides();
                for (int axis = 0; axis < strides.Length; axis++)
                    if (strides[axis] == behind && node.Output.Shape[axis] == quantization.Scales.Length)
                        return Along(axis);
                return null;
            }
        }

        Quantization Along(int axis) => Quantization.PerAxis(quantization.Scales, quantization.ZeroPoints, axis);
    }
}
