namespace EthosU.Npu.Weights.Decoding;

/// <summary>Gets the places of a weight stream in order.</summary>
internal interface IWeightVisitor
{
    /// <summary>A run of places next to each other.</summary>
    /// <param name="index">Index of the first weight in the volume; the others of the run follow it.</param>
    /// <param name="count">Number of weights at the beginning of the run.</param>
    /// <param name="length">Number of places, those behind the weights being padding.</param>
    /// <returns>False to stop.</returns>
    bool Run(long index, int count, int length);
}
