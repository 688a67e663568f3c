namespace EthosU.Graphs;

/// <summary>An activation fused into an operator (tflite-format 2). The numbers are the file format's.</summary>
public enum FusedActivation
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>max(x, 0).</summary>
    Relu = 1,
    /// <summary>Clamp to [−1, 1].</summary>
    ReluN1To1 = 2,
    /// <summary>Clamp to [0, 6].</summary>
    Relu6 = 3,
    /// <summary>Hyperbolic tangent; recurrent operators only.</summary>
    Tanh = 4,
    /// <summary>Sign; no kernel implements it.</summary>
    SignBit = 5,
}
