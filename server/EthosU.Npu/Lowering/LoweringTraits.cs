namespace EthosU.Npu.Lowering;

/// <summary>Properties of an accelerator on which the choice of operations depends.</summary>
/// <param name="KeepsTables">True if tables survive operations without one, so that any operation may use one.</param>
internal sealed record LoweringTraits(bool KeepsTables);
