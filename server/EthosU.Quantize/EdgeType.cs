namespace EthosU.Quantize;

/// <summary>Type of a quantized model's inputs and outputs.</summary>
public enum EdgeType
{
    /// <summary>As inside the model: int8, or int16 for 16x8.</summary>
    Quantized,

    /// <summary>Real: a QUANTIZE behind each input, a DEQUANTIZE before each output.</summary>
    Float32,
}
