namespace EthosU.Npu;

/// <summary>What a compiled model is optimised for.</summary>
public enum CompileGoal
{
    /// <summary>Few cycles, within the memory that the target has.</summary>
    Performance,

    /// <summary>The least SRAM with which the model is possible.</summary>
    Size,

    /// <summary>Between both: where less SRAM begins to cost many cycles.</summary>
    Balanced,
}
