using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Which tensors are made and used row by row: all accesses are windows of the tensor's own shape, everything is written once, and
/// before the first is read all writers come in the order. Only these may be read by a cascade that writes them.
/// </summary>
internal sealed class RowTensors
{
    private readonly HashSet<NpuTensor> suitable = [];
    private readonly Dictionary<NpuTensor, (int First, int Last)> spans = [];

    /// <summary>Looks at all operations of a run.</summary>
    public RowTensors(IReadOnlyList<NpuOp> ops)
    {
        Dictionary<NpuTensor, List<(int Op, FeatureMap Map, bool Writes)>> accesses = [];
        for (int i = 0; i < ops.Count; i++)
        {
            foreach (FeatureMap map in ops[i].Reads)
                Add(i, map, false);
            Add(i, ops[i].Ofm, true);
        }
        foreach ((NpuTensor tensor, List<(int Op, FeatureMap Map, bool Writes)> list) in accesses)
        {
            spans.Add(tensor, (list[0].Op, list[^1].Op));
            if (list.TrueForAll(access => StripeRules.CanStripe(ops[access.Op]) && access.Map.TryGetWindow(out _, out _, out _))
                && IsWrittenFirst(list) && AreDisjoint([.. list.Where(static access => access.Writes).Select(static access => access.Map)]))
                suitable.Add(tensor);
        }

        void Add(int op, FeatureMap map, bool writes)
        {
            if (map.Tensor.Role is NpuTensorRole.Constant)
                return;
            if (!accesses.TryGetValue(map.Tensor, out List<(int, FeatureMap, bool)>? list))
                accesses.Add(map.Tensor, list = []);
            list.Add((op, map, writes));
        }
    }

    /// <summary>True if a cascade may both write and read the tensor.</summary>
    public bool IsSuitable(NpuTensor tensor) => suitable.Contains(tensor);

    /// <summary>The first and the last operation of the run that reads or writes a tensor.</summary>
    public (int First, int Last) SpanOf(NpuTensor tensor) => spans[tensor];

    private static bool IsWrittenFirst(List<(int Op, FeatureMap Map, bool Writes)> list)
    {
        int lastWriter = list.FindLastIndex(static access => access.Writes), firstReader = list.FindIndex(static access => !access.Writes);
        return lastWriter >= 0 && (firstReader < 0 || list[firstReader].Op > list[lastWriter].Op);
    }

    private static bool AreDisjoint(FeatureMap[] maps)
    {
        for (int i = 0; i < maps.Length; i++)
            for (int j = 0; j < i; j++)
            {
                maps[i].TryGetWindow(out int y, out int x, out int c);
                maps[j].TryGetWindow(out int otherY, out int otherX, out int otherC);
                if (y < otherY + maps[j].Height && otherY < y + maps[i].Height && x < otherX + maps[j].Width
                    && otherX < x + maps[i].Width && c < otherC + maps[j].Depth && otherC < c + maps[i].Depth)
                    return false;
            }
        return true;
    }
}
