using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>The tensors that only the operations of a cascade read and write.</summary>
internal static class InnerTensors
{
    /// <summary>Finds them, in the order in which they are written.</summary>
    /// <param name="ops">All operations of the run.</param>
    /// <param name="rows">Which tensors suit.</param>
    /// <param name="first">The cascade's first operation.</param>
    /// <param name="last">Its last one.</param>
    public static List<NpuTensor> Of(IReadOnlyList<NpuOp> ops, RowTensors rows, int first, int last)
    {
        List<NpuTensor> inner = [];
        HashSet<NpuTensor> seen = [];
        for (int i = first; i <= last; i++)
        {
            NpuTensor result = ops[i].Ofm.Tensor;
            if (seen.Add(result) && result.Role == NpuTensorRole.Internal && rows.IsSuitable(result)
                && rows.SpanOf(result) is var span && span.First >= first && span.Last <= last)
                inner.Add(result);
        }
        return inner;
    }
}
