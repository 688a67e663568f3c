using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>
/// The rows of an input that a kernel sees at a time, upscaled and with columns of zeros at both sides (npu-commands 7.1 and 7.2). Rows
/// outside are zeros.
/// </summary>
internal sealed class RowWindow<T> where T : unmanaged
{
    private const long LargestWindow = 1 << 25;
    private readonly MapReader reader;
    private readonly NpuUpscale upscale;
    private readonly int height;
    private readonly int left;
    private readonly int depth;
    private readonly int rowLength;
    private readonly T[] rows;
    private readonly int[] held;
    private readonly T[] stored;
    private readonly T[] zeros;

    /// <param name="run">The run.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="padColumns">True to put the operation's padding at both sides of each row.</param>
    public RowWindow(Execution run, WindowOperation operation, bool padColumns)
    {
        reader = new(run, operation.Ifm, "the input");
        upscale = operation.Upscale;
        height = operation.VirtualHeight;
        left = padColumns ? operation.Padding.Left : 0;
        depth = operation.Ifm.Depth;
        long length = ((long)operation.VirtualWidth + (padColumns ? operation.Padding.Left + operation.Padding.Right : 0)) * depth;
        int slots = Math.Min(operation.Kernel.DilatedHeight, height);
        if (length * slots > LargestWindow)
            throw new SimulationStopException(ViolationRules.TooMuchWork, $"{slots} rows of {length} elements are needed at once");
        rowLength = (int)length;
        rows = new T[length * slots];
        held = new int[slots];
        held.AsSpan().Fill(-1);
        stored = upscale == NpuUpscale.None ? [] : new T[(long)operation.Ifm.Width * depth];
        zeros = new T[padColumns ? rowLength : 0];
    }

    /// <summary>A row of what the kernel sees; rows of zeros outside if there is padding.</summary>
    public ReadOnlySpan<T> Row(int y)
    {
        if (y < 0 || y >= height)
            return zeros;
        int slot = y % held.Length;
        Span<T> row = rows.AsSpan(slot * rowLength, rowLength);
        if (held[slot] == y)
            return row;
        held[slot] = y;
        Span<T> inner = row[(left * depth)..];
        if (upscale == NpuUpscale.None)
            reader.ReadRow(y, inner[..(reader.Map.Width * depth)]);
        else
            Upscale(y, inner, row);
        return row;
    }

    private void Upscale(int y, Span<T> inner, Span<T> row)
    {
        row.Clear();
        if (upscale == NpuUpscale.Zeros && y % 2 != 0)
            return;
        reader.ReadRow<T>(y / 2, stored);
        for (int x = 0; x < reader.Map.Width; x++)
        {
            ReadOnlySpan<T> pixel = stored.AsSpan(x * depth, depth);
            Put(pixel, inner, 2 * x);
            if (upscale == NpuUpscale.Nearest)
                Put(pixel, inner, 2 * x + 1);
        }
    }

    private void Put(ReadOnlySpan<T> pixel, Span<T> inner, int x)
    {
        if ((x + 1) * depth + left * depth <= rowLength)
            pixel.CopyTo(inner[(x * depth)..]);
    }
}
