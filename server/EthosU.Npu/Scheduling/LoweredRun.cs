using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>A node on the CPU, or the operations of a part on the NPU, in the order of execution.</summary>
/// <param name="Cpu">The node; null for a part on the NPU.</param>
/// <param name="Part">The part; null for a node on the CPU.</param>
/// <param name="Ops">Its operations.</param>
internal sealed record LoweredRun(Node? Cpu, NpuRun? Part, IReadOnlyList<NpuOp> Ops)
{
    /// <summary>Which tensors cascades may write and read.</summary>
    public RowTensors Rows { get; } = new(Ops);

    /// <summary>Steps that it takes.</summary>
    public int Steps => Cpu is null ? Ops.Count : 1;
}
