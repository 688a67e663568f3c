namespace EthosU.Quantize;

/// <summary>Number formats of a whole model.</summary>
public enum Precision
{
    /// <summary>8-bit activations and weights, 32-bit biases.</summary>
    Int8,

    /// <summary>16-bit activations, 8-bit weights, 64-bit biases.</summary>
    Int16x8,

    /// <summary>Real numbers: nothing is quantized.</summary>
    Float32,
}
