using System.Numerics;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary><c>NPU_OP_ELEMENTWISE</c> before the scaling to the output (npu-u85 4.8).</summary>
internal sealed class ElementwiseRows : IRowSource
{
    private const int LargestShift = 31, MostOfAnInput = 31;
    private readonly Execution run;
    private readonly ElementwiseOperation operation;
    private readonly OperandRows first;
    private readonly OperandRows? second;
    private readonly long[] a;
    private readonly long[] b;

    public ElementwiseRows(Execution run, ChainingBuffers chains, ElementwiseOperation operation)
    {
        (this.run, this.operation) = (run, operation);
        AddressedFeatureMap ofm = operation.Ofm;
        run.Charge(ofm.ElementCount);
        first = new(run, chains, operation.Ifm, operation.IsFirstScalar ? operation.Scalar : null, ofm, "the input");
        if (operation.Ifm2 is { } ifm2)
            second = new(run, chains, ifm2, operation.IsFirstScalar ? null : operation.Scalar, ofm, "the second input");
        a = new long[(long)ofm.Width * ofm.Depth];
        b = new long[second is null ? 0 : a.Length];
    }

    /// <inheritdoc/>
    public void Row(int y, Span<long> target)
    {
        first.Row(y, a);
        second?.Row(y, b);
        for (int i = 0; i < target.Length; i++)
            target[i] = second is null ? Unary(a[i]) : Binary(a[i], b[i]);
    }

    private long Unary(long value) => operation.Mode switch
    {
        ElementwiseMode.LeakyRelu => value >= 0 ? Scaled(value, operation.IfmScale) : Scaled(value, operation.Ifm2Scale),
        ElementwiseMode.Abs => Math.Abs(Scaled(value, operation.IfmScale)),
        ElementwiseMode.LeadingZeros => BitOperations.LeadingZeroCount(unchecked((uint)Scaled(value, operation.IfmScale))),
        _ => ~Scaled(value, operation.IfmScale),
    };

    private long Binary(long x, long y) => operation.Mode switch
    {
        ElementwiseMode.Mul => x * y,
        ElementwiseMode.ShiftRight => Scaling.Apply(x, new(1, Shift(y)), operation.Rounding),
        ElementwiseMode.ShiftLeft => unchecked((int)((uint)x << Shift(y))),
        ElementwiseMode.LogicalShiftRight => unchecked((uint)x) >> Shift(y),
        ElementwiseMode.Div => Quotient(x, y),
        ElementwiseMode.And => x & y,
        ElementwiseMode.Or => x | y,
        ElementwiseMode.Xor => x ^ y,
        ElementwiseMode.AndNot => x & ~y,
        _ => Compared(Scaled(x, operation.IfmScale), Scaled(y, operation.Ifm2Scale)),
    };

    private long Compared(long x, long y) => operation.Mode switch
    {
        ElementwiseMode.Add => x + y,
        ElementwiseMode.Sub => x - y,
        ElementwiseMode.Min => Math.Min(x, y),
        ElementwiseMode.Max => Math.Max(x, y),
        ElementwiseMode.Equal => x == y ? -1 : 0,
        ElementwiseMode.NotEqual => x != y ? -1 : 0,
        ElementwiseMode.GreaterEqual => x >= y ? -1 : 0,
        _ => x > y ? -1 : 0,
    };

    private long Quotient(long x, long y)
    {
        if (y != 0)
            return x / y;
        run.Report(ViolationRules.OutOfRange, $"{x} is divided by 0, which has no defined result");
        return 0;
    }

    private static int Shift(long count) => count is >= 0 and <= LargestShift ? (int)count
        : throw new SimulationStopException(ViolationRules.OutOfRange, $"a shift by {count} is not known");

    private static long Scaled(long value, in InputScale scale) =>
        scale.Scale == FixedPointScale.One ? value : Scaling.Apply(value, scale.Scale, scale.Rounding, MostOfAnInput - scale.DoubleRound);
}
