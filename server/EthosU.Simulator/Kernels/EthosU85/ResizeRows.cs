using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary><c>NPU_OP_RESIZE</c> before the scaling to the output (npu-u85 4.9).</summary>
internal sealed class ResizeRows : IRowSource
{
    private const int ResultShift = 16;
    private readonly ResizeOperation operation;
    private readonly MapReader reader;
    private readonly long[] upper;
    private readonly long[] lower;

    public ResizeRows(Execution run, ResizeOperation operation)
    {
        this.operation = operation;
        run.Charge(4.0 * operation.Ofm.ElementCount);
        reader = new(run, operation.Ifm, "the input");
        upper = new long[(long)operation.Ifm.Width * operation.Ifm.Depth];
        lower = new long[operation.Mode == ResizeMode.Bilinear ? upper.Length : 0];
    }

    /// <inheritdoc/>
    public void Row(int y, Span<long> target)
    {
        int depth = operation.Ofm.Depth, height = operation.Ifm.Height, width = operation.Ifm.Width;
        (long row, long partY) = Position(operation.Y, y);
        reader.ReadRow<long>(Inside(Nearest(row, partY, operation.Y), height), upper);
        if (lower.Length > 0)
            reader.ReadRow<long>(Inside(row + 1, height), lower);
        for (int x = 0; x < operation.Ofm.Width; x++)
        {
            (long column, long partX) = Position(operation.X, x);
            int left = Inside(Nearest(column, partX, operation.X), width) * depth, right = Inside(column + 1, width) * depth;
            long leftPart = operation.X.Numerator - partX, upperPart = operation.Y.Numerator - partY;
            for (int c = 0; c < depth; c++)
            {
                long value = lower.Length == 0 ? upper[left + c]
                    : (upperPart * ((leftPart * upper[left + c]) + (partX * upper[right + c])))
                        + (partY * ((leftPart * lower[left + c]) + (partX * lower[right + c])));
                target[(x * depth) + c] = value << ResultShift;
            }
        }
    }

    private static (long Whole, long Part) Position(in ResizeAxis axis, int output)
    {
        long position = (output * axis.Step) + axis.Offset;
        long whole = Math.DivRem(position, axis.Numerator, out long part);
        return part < 0 ? (whole - 1, part + axis.Numerator) : (whole, part);
    }

    private long Nearest(long whole, long part, in ResizeAxis axis) =>
        operation.Mode == ResizeMode.Nearest && 2 * part >= axis.Numerator ? whole + 1 : whole;

    private static int Inside(long index, int size) => (int)Math.Clamp(index, 0, size - 1);
}
