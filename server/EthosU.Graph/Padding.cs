namespace EthosU.Graphs;

/// <summary>How windows lie at the borders (tflite-format 6.2). The numbers are the file format's.</summary>
public enum Padding
{
    /// <summary>As many outputs as ⌈input / stride⌉; padding split evenly, the odd one at the end.</summary>
    Same = 0,
    /// <summary>No padding.</summary>
    Valid = 1,
}
