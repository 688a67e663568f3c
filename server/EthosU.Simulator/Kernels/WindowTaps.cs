namespace EthosU.Simulator;

/// <summary>The taps of a window along one axis that lie inside the input.</summary>
/// <param name="First">Where the first of them lies.</param>
/// <param name="Step">From one to the next.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Skipped">How many lie before the input.</param>
internal readonly record struct WindowTaps(int First, int Step, int Count, int Skipped)
{
    /// <summary>The taps of a window that begins at a position.</summary>
    public static WindowTaps Inside(int start, int taps, int dilation, int size)
    {
        int before = start < 0 ? Math.Min(taps, (-start + dilation - 1) / dilation) : 0;
        int first = start + (before * dilation);
        int inside = first >= size ? 0 : Math.Min(taps - before, (size - first + dilation - 1) / dilation);
        return new(first, dilation, inside, before);
    }
}
