using EthosU.Npu.Operations;
using EthosU.Npu.Weights.Decoding;

namespace EthosU.Simulator;

/// <summary>Streams of weights for the decoders of an engine, in one of four forms (npu-u85 7).</summary>
internal sealed class DecoderWeights : IWeightForms
{
    /// <inheritdoc/>
    public object Order(Execution run, ConvolutionOperation operation) => EngineWeightGeometry.Of(operation, run.Accelerator);

    /// <inheritdoc/>
    public (IReadOnlyList<(short[] Volume, int FirstChannel, int ChannelStep)> Parts, string? Problem) Read(
        Execution run, ConvolutionOperation operation, byte[][] streams, string fileName)
    {
        (short[] volume, string? problem) = EngineWeightReader.Read(streams, EngineWeightGeometry.Of(operation, run.Accelerator),
            $"command {operation.CommandIndex}, weights", fileName);
        return ([(volume, 0, 1)], problem);
    }
}
