namespace EthosU.Simulator;

/// <summary>Takes the stored numbers of an output, row by row.</summary>
internal interface IEngineSink
{
    /// <summary>A row of numbers [width × depth].</summary>
    void Write(int y, ReadOnlySpan<long> values);
}
