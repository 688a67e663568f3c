namespace EthosU.Npu.Operations;

/// <summary>Who sees a piece of memory beside the NPU operations of one custom operator.</summary>
internal enum NpuTensorRole
{
    /// <summary>Nobody: layout and place are free.</summary>
    Internal,

    /// <summary>The runtime or another operator: linear, in the arena.</summary>
    Boundary,

    /// <summary>Recurrent state: linear, in the arena, alive over the whole inference and from one to the next.</summary>
    Variable,

    /// <summary>Nobody writes it: it lies in the read-only data.</summary>
    Constant,
}
