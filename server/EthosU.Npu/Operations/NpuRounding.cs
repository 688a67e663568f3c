namespace EthosU.Npu.Operations;

/// <summary>Rounding of a scaling (npu-commands 6.1, npu-u85 4.2).</summary>
public enum NpuRounding
{
    /// <summary>As TensorFlow Lite: to nearest in two steps.</summary>
    TfLite = 0,

    /// <summary>Toward zero.</summary>
    Truncate = 1,

    /// <summary>To nearest, halves up.</summary>
    Natural = 2,

    /// <summary>To nearest, halves away from zero.</summary>
    Symmetric = 3,

    /// <summary>To the next lower number.</summary>
    Lower = 4,
}
