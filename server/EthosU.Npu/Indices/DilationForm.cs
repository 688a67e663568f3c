namespace EthosU.Npu.Indices;

/// <summary>
/// How a dilation beyond the hardware's 2 is done: with zeros between the taps, or as convolutions of rows and columns that lie apart,
/// which have none (npu-operators 2.2.5).
/// </summary>
internal static class DilationForm
{
    /// <summary>The largest kernel.</summary>
    public const int MaxHeight = 64, MaxArea = 64 * 64;

    private const int CyclesOfOperation = 300;

    /// <summary>Cycles that a tap takes for one result of all channels of a convolution.</summary>
    public static double CyclesOfTap(int input, int output) => Whole(input) * Whole(output) / 128.0;

    /// <summary>The same of a depthwise convolution.</summary>
    public static double CyclesOfTap(int channels) => Whole(channels) / 32.0;

    private static double Whole(int channels) => (channels + 7) / 8 * 8;

    /// <summary>The dilation that the hardware does of one; what is left of it are zeros between taps.</summary>
    public static int OfHardware(int dilation) => dilation > 2 ? 2 - (dilation % 2) : dilation;

    /// <summary>How many convolutions are made of one along rows and columns; 1 and 1 for zeros.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="cyclesOfTap">Cycles that a tap takes for one result of all channels.</param>
    public static (int Rows, int Columns) Choose(WindowAxis rows, WindowAxis columns, double cyclesOfTap)
    {
        int down = rows.Phases, across = columns.Phases;
        // A phase without rows or columns would be a convolution of nothing.
        if (down * (long)across == 1 || down > rows.Input || across > columns.Input)
            return (1, 1);
        double withZeros = Cycles(rows, columns, 1, 1, cyclesOfTap), apart = Cycles(rows, columns, down, across, cyclesOfTap);
        return apart < withZeros || !Fits(rows, columns, 1, 1) ? (down, across) : (1, 1);
    }

    /// <summary>True if the hardware has the kernels.</summary>
    public static bool Fits(WindowAxis rows, WindowAxis columns, int down, int across) =>
        rows.Span(down) <= MaxHeight && (long)rows.Span(down) * columns.Span(across) <= MaxArea;

    private static double Cycles(WindowAxis rows, WindowAxis columns, int down, int across, double cyclesOfTap)
    {
        double pixels = Even(rows.Output, down) * Even(columns.Output, across);
        return Math.Min(down, rows.Output) * (double)Math.Min(across, columns.Output)
            * (CyclesOfOperation + (pixels * rows.Steps(down) * columns.Steps(across) * cyclesOfTap));
    }

    /// <summary>Results of a phase, in the pairs in which the hardware makes them.</summary>
    private static double Even(int size, int phases) => ((((size + phases - 1) / phases) + 1) / 2) * 2;
}
