namespace EthosU.Simulator;

/// <summary>Computes an operation's results row by row, before they are scaled.</summary>
internal interface IRowSource
{
    /// <summary>A row of the output.</summary>
    /// <param name="y">The row.</param>
    /// <param name="target">Gets [width × depth] results.</param>
    void Row(int y, Span<long> target);
}
