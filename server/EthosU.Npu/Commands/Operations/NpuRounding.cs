namespace EthosU.Npu.Commands;

/// <summary>Rounding of a scaling (npu-commands 6.1).</summary>
public enum NpuRounding
{
    /// <summary>As TensorFlow Lite: to nearest in two steps.</summary>
    TfLite = 0,

    /// <summary>Toward zero.</summary>
    Truncate = 1,

    /// <summary>To nearest, halves up.</summary>
    Natural = 2,
}
