using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// The order in which the operations of a cascade do their stripes: each makes the rows that the next ones lack, and no row twice.
/// Between them lie buffers of as many rows as are needed at once, addressed modulo their height (npu-scheduling 3.5).
/// </summary>
internal sealed class StripeOrder
{
    private readonly int first;
    private readonly Member[] members;
    private readonly Buffer[] buffers;
    private readonly List<Stripe> stripes = [];

    /// <summary>Looks at who reads what of whom.</summary>
    /// <param name="ops">All operations of a run.</param>
    /// <param name="first">The first of the cascade.</param>
    /// <param name="last">Its last one.</param>
    /// <param name="inner">Tensors that nothing outside the cascade reads or writes.</param>
    public StripeOrder(IReadOnlyList<NpuOp> ops, int first, int last, IReadOnlyList<NpuTensor> inner)
    {
        this.first = first;
        members = new Member[last - first + 1];
        buffers = [.. inner.Select(static _ => new Buffer())];
        Dictionary<NpuTensor, int> number = [];
        for (int i = 0; i < inner.Count; i++)
            number.Add(inner[i], i);
        Dictionary<NpuTensor, List<int>> writers = [];
        for (int i = 0; i < members.Length; i++)
        {
            NpuOp op = ops[first + i];
            List<(int, int, RowNeed)> sources = [];
            foreach (FeatureMap map in op.Reads)
            {
                RowNeed need = new(op, map);
                int row = RowOf(map);
                if (writers.TryGetValue(map.Tensor, out List<int>? makers))
                    foreach (int maker in makers)
                        sources.Add((maker, row - members[maker].Row, need));
                if (number.TryGetValue(map.Tensor, out int buffer))
                    buffers[buffer].Readers.Add((i, row, need));
            }
            if (!writers.TryGetValue(op.Ofm.Tensor, out List<int>? list))
                writers.Add(op.Ofm.Tensor, list = []);
            list.Add(i);
            members[i] = new(op.Ofm.Height, RowOf(op.Ofm), StripeRules.Granule(op), number.GetValueOrDefault(op.Ofm.Tensor, -1),
                [.. sources]);
        }
    }

    /// <summary>The stripes in their order; operations are numbered as in the run.</summary>
    public IReadOnlyList<Stripe> Stripes => stripes;

    /// <summary>Rows that each inner tensor has to hold at once.</summary>
    public IEnumerable<int> BufferRows => buffers.Select(static buffer => buffer.Rows);

    /// <summary>The row of the tensor with which a feature map begins.</summary>
    public static int RowOf(FeatureMap map) => map.TryGetWindow(out int y, out _, out _) ? y : 0;

    /// <summary>Finds the order.</summary>
    /// <param name="height">Rows of a stripe of the last operation.</param>
    public void Find(int height)
    {
        stripes.Clear();
        foreach (Member member in members)
            member.Done = 0;
        foreach (Buffer buffer in buffers)
            buffer.Clear();
        int rows = members[^1].Height;
        for (int end = Math.Min(height, rows); ; end = Math.Min(end + height, rows))
        {
            Make(members.Length - 1, end);
            if (end == rows)
                break;
        }
        for (int i = 0; i < members.Length; i++)
            Make(i, members[i].Height);
    }

    private void Make(int i, int end)
    {
        Member member = members[i];
        end = Math.Min(member.Height, (end + member.Granule - 1) / member.Granule * member.Granule);
        if (end <= member.Done)
            return;
        foreach ((int producer, int shift, RowNeed need) in member.Sources)
            Make(producer, Math.Min(need.End(end) + shift, members[producer].Height));
        stripes.Add(new(first + i, member.Done, end));
        if (member.Buffer >= 0)
            buffers[member.Buffer].Write(member.Row + member.Done, member.Row + end, Lowest(buffers[member.Buffer]));
        member.Done = end;
    }

    /// <summary>The first row that a reader will still need.</summary>
    private int Lowest(Buffer buffer)
    {
        int lowest = int.MaxValue;
        foreach ((int reader, int row, RowNeed need) in buffer.Readers)
            if (members[reader].Done < members[reader].Height)
                lowest = Math.Min(lowest, row + need.First(members[reader].Done));
        return lowest;
    }

    private sealed class Member(int height, int row, int granule, int buffer, (int Producer, int Shift, RowNeed Need)[] sources)
    {
        public int Height => height;

        /// <summary>Row of the tensor with which the result begins.</summary>
        public int Row => row;

        public int Granule => granule;

        /// <summary>The inner tensor that is written; −1 if there is none.</summary>
        public int Buffer => buffer;

        /// <summary>Who makes what is read, what its rows are numbered less by than the operand's, and which rows are needed.</summary>
        public (int Producer, int Shift, RowNeed Need)[] Sources => sources;

        public int Done { get; set; }
    }

    private sealed class Buffer
    {
        private int end;

        public List<(int Reader, int Row, RowNeed Need)> Readers { get; } = [];

        public int Rows { get; private set; }

        public void Clear() => end = Rows = 0;

        public void Write(int from, int to, int lowest)
        {
            end = Math.Max(end, to);
            // Also rows that nobody reads need a place of their own.
            Rows = Math.Max(Rows, end - Math.Min(lowest, from));
        }
    }
}
