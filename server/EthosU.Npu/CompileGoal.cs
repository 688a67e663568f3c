namespace EthosU.Npu;

/// <summary>What a compiled model is optimised for.</summary>
public enum CompileGoal
{
    /// <summary>Few cycles, within the memory that the target has.</summary>
    Performance,

    /// <summary>Little SRAM: no more than the feature maps need.</summary>
    Size,
}
