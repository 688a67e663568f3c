using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>Weights and biases of an operator as integers.</summary>
internal sealed record QuantizedWeights(TensorData Weights, Quantization WeightScales, TensorData Bias, Quantization BiasScales);
