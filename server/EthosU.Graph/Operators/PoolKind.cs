namespace EthosU.Graphs;

/// <summary>The operators of <see cref="Pool2D"/>; the numbers are TensorFlow Lite's.</summary>
public enum PoolKind
{
    /// <summary>Mean of the cells inside the input.</summary>
    Average = BuiltinCode.AveragePool2d,
    /// <summary>Largest cell.</summary>
    Max = BuiltinCode.MaxPool2d,
    /// <summary>Root of the mean square.</summary>
    L2 = BuiltinCode.L2Pool2d,
}
