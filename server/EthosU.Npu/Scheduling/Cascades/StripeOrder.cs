using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling.Cascades;

/// <summary>
/// The order in which the operations of a cascade do their stripes: each makes the rows that the next ones lack, and no row twice.
/// Between them lie buffers of as many rows as are needed at once, addressed modulo their height (npu-scheduling 3.5).
/// </summary>
internal sealed class StripeOrder
{
    private readonly IReadOnlyList<NpuOp> ops;
    private readonly int first;
    private readonly int[] done;
    private readonly List<(int Producer, int From, int Height)>[] sources; // for each operation and operand row by row
    private readonly List<Stripe> stripes = [];
    private readonly Buffer[] buffers;
    private readonly List<int>[] written, read;

    /// <summary>Finds the order.</summary>
    /// <param name="ops">All operations of a run.</param>
    /// <param name="first">The first of the cascade.</param>
    /// <param name="last">Its last one.</param>
    /// <param name="inner">Tensors that nothing outside the cascade reads or writes.</param>
    /// <param name="height">Rows of a stripe of the last operation.</param>
    public StripeOrder(IReadOnlyList<NpuOp> ops, int first, int last, IReadOnlyList<NpuTensor> inner, int height)
    {
        this.ops = ops;
        this.first = first;
        int count = last - first + 1;
        done = new int[count];
        sources = new List<(int, int, int)>[count];
        written = new List<int>[count];
        read = new List<int>[count];
        buffers = [.. inner.Select(static _ => new Buffer())];
        Dictionary<NpuTensor, int> number = [];
        for (int i = 0; i < inner.Count; i++)
            number.Add(inner[i], i);
        Dictionary<NpuTensor, List<int>> writers = [];
        for (int i = 0; i < count; i++)
        {
            NpuOp op = ops[first + i];
            (sources[i], written[i], read[i]) = ([], [], []);
            foreach (FeatureMap map in op.Reads)
            {
                if (writers.TryGetValue(map.Tensor, out List<int>? makers))
                    foreach (int maker in makers)
                        sources[i].Add((maker, RowOf(ops[first + maker].Ofm), map == op.Ifm ? 0 : 1));
                if (number.TryGetValue(map.Tensor, out int buffer))
                {
                    read[i].Add(buffer);
                    buffers[buffer].Readers.Add((i, map));
                }
            }
            if (!writers.TryGetValue(op.Ofm.Tensor, out List<int>? list))
                writers.Add(op.Ofm.Tensor, list = []);
            list.Add(i);
            if (number.TryGetValue(op.Ofm.Tensor, out int own))
                written[i].Add(own);
        }
        int rows = ops[last].Ofm.Height;
        for (int end = Math.Min(height, rows); ; end = Math.Min(end + height, rows))
        {
            Make(count - 1, end);
            if (end == rows)
                break;
        }
        for (int i = 0; i < count; i++)
            Make(i, ops[first + i].Ofm.Height);
    }

    /// <summary>The stripes in their order; operations are numbered as in the run.</summary>
    public IReadOnlyList<Stripe> Stripes => stripes;

    /// <summary>Rows that each inner tensor has to hold at once.</summary>
    public IEnumerable<int> BufferRows => buffers.Select(static buffer => buffer.Rows);

    /// <summary>The row of the tensor with which a feature map begins.</summary>
    public static int RowOf(FeatureMap map) => map.TryGetWindow(out int y, out _, out _) ? y : 0;

    private void Make(int i, int end)
    {
        NpuOp op = ops[first + i];
        int granule = StripeRules.Granule(op);
        end = Math.Min(op.Ofm.Height, (end + granule - 1) / granule * granule);
        if (end <= done[i])
            return;
        foreach ((int producer, int from, int operand) in sources[i])
        {
            FeatureMap map = operand == 0 ? op.Ifm : op.Ifm2!;
            int needed = RowOf(map) + StripeRules.Rows(op, map, done[i], end).End - from;
            Make(producer, Math.Min(needed, ops[first + producer].Ofm.Height));
        }
        stripes.Add(new(first + i, done[i], end));
        foreach (int buffer in written[i])
            buffers[buffer].Write(RowOf(op.Ofm) + end, Lowest(buffers[buffer]));
        done[i] = end;
    }

    /// <summary>The first row that a reader will still need.</summary>
    private int Lowest(Buffer buffer)
    {
        int lowest = int.MaxValue;
        foreach ((int reader, FeatureMap map) in buffer.Readers)
        {
            NpuOp op = ops[first + reader];
            if (done[reader] < op.Ofm.Height)
                lowest = Math.Min(lowest, RowOf(map) + StripeRules.Rows(op, map, done[reader], done[reader] + 1).Start);
        }
        return lowest;
    }

    private sealed class Buffer
    {
        private int end;

        public List<(int Reader, FeatureMap Map)> Readers { get; } = [];

        public int Rows { get; private set; }

        public void Write(int row, int lowest)
        {
            end = Math.Max(end, row);
            Rows = Math.Max(Rows, end - Math.Min(lowest, end - 1));
        }
    }
}
