using EthosU.Npu.Memory;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>Memory to which the weights and scales of an operation are copied before it starts.</summary>
/// <param name="Step">The operation's step.</param>
/// <param name="Tensor">The memory.</param>
/// <param name="Range">From the step that may run while the copy is made to the operation's own.</param>
/// <param name="Saved">What the copy saves, as a share of all cycles.</param>
internal sealed record WeightBuffer(int Step, NpuTensor Tensor, LiveRange Range, double Saved);
