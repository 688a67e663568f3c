namespace EthosU.Quantize;

/// <summary>How much time the quantization takes for accuracy.</summary>
public enum Effort
{
    /// <summary>Each weight becomes the nearest integer.</summary>
    Fast,

    /// <summary>
    /// Weights of layers with 16-bit activations, which lose by little else, are rounded for the sake of what they add up to.
    /// </summary>
    Normal,

    /// <summary>Weights of all layers are, and channels before depthwise layers are brought to one size.</summary>
    Best,
}
