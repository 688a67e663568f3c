namespace EthosU.Pipeline;

/// <summary>What a converted model computes in.</summary>
public enum Precision
{
    /// <summary>8-bit weights and activations, what Ethos-U runs best.</summary>
    Int8,
    /// <summary>8-bit weights, 16-bit activations: nearly the float model's accuracy, slower.</summary>
    Int16X8,
    /// <summary>Real numbers; for comparison, not for an NPU.</summary>
    Float32,
}
