namespace EthosU.Npu.Performance;

/// <summary>What happens to results before they are written.</summary>
internal enum ActivationKind
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>A clamp, such as ReLU.</summary>
    Clamp,
    /// <summary>A lookup table, tanh or sigmoid.</summary>
    Table,
}
