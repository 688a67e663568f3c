using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>
/// ADD_N and CUMSUM of int8 (tflite-kernels 3.4). Both start from the reference's wrong start value, so that bytes agree.
/// </summary>
internal static class SumKernels
{
    private const int Shift = 20;

    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        Tensor x = facts.Input(0), y = facts.Output;
        if (x.Type != ElementType.Int8 || y.Type != ElementType.Int8)
            return null;
        foreach (Tensor? other in facts.Node.Inputs)
            if (facts.Operator is AddN
                && (other?.Shape != x.Shape || other.Type != x.Type || NodeFacts.Scale(other) != NodeFacts.Scale(x)
                || NodeFacts.ZeroPoint(other) != NodeFacts.ZeroPoint(x)))
                throw new KernelRefusedException("All its inputs must have the same shape, scale and zero point.");
        Rescaling addend = NodeFacts.Rescaling(x, Shift, 0.5);
        var output = Multiplier.SmallerThanOne(2.0 * NodeFacts.Scale(x) / ((1 << Shift) * (double)NodeFacts.Scale(y)));
        int zero = NodeFacts.ZeroPoint(y), start = addend.Apply(0);
        if (facts.Operator is AddN)
        {
            int inputs = facts.Node.Inputs.Length;
            return new(frame =>
            {
                Span<sbyte> to = frame.Output<sbyte>();
                for (int i = 0; i < to.Length; i++)
                {
                    int sum = start;
                    for (int j = 0; j < inputs; j++)
                        sum += addend.Apply(frame.Input<sbyte>(j)[i]);
                    to[i] = (sbyte)Math.Clamp(output.Apply(sum) + zero, sbyte.MinValue, sbyte.MaxValue);
                }
            });
        }
        var op = (CumSum)facts.Operator;
        int axis = x.Shape.NormalizeAxis(facts.Integers(1)[0]), size = x.Shape[axis], stride = checked((int)x.Shape.Strides()[axis]);
        return new(frame =>
        {
            ReadOnlySpan<sbyte> from = frame.Input<sbyte>(0);
            Span<sbyte> to = frame.Output<sbyte>();
            for (int block = 0; block < to.Length; block += size * stride)
                for (int lane = 0; lane < stride; lane++)
                {
                    int sum = start;
                    for (int step = 0; step < size; step++)
                    {
                        int i = block + lane + ((op.Reverse ? size - 1 - step : step) * stride);
                        int next = sum + addend.Apply(from[i]);
                        to[i] = (sbyte)Math.Clamp(output.Apply(op.Exclusive ? sum : next) + zero, sbyte.MinValue, sbyte.MaxValue);
                        sum = next;
                    }
                }
        });
    }
}
