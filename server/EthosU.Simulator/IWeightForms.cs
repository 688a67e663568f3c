using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>How an architecture's weight streams are read.</summary>
internal interface IWeightForms
{
    /// <summary>What decides the order of the weights: where two are equal, equal streams are equal weights.</summary>
    object Order(Execution run, ConvolutionOperation operation);

    /// <summary>The weights of an operation in parts <c>[output, row, column, input]</c> of output channels.</summary>
    /// <param name="run">The run.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="streams">The bytes of its streams.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <returns>The parts with their first channel and the step to the next, and what is not as hardware expects it.</returns>
    (IReadOnlyList<(short[] Volume, int FirstChannel, int ChannelStep)> Parts, string? Problem) Read(
        Execution run, ConvolutionOperation operation, byte[][] streams, string fileName);
}
