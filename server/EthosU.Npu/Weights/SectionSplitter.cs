namespace EthosU.Npu.Weights;

/// <summary>
/// Cuts a stream into sections of one palette each: blocks of equal length, then the two neighbours joined that save the
/// most, for as long as joining saves bits (npu-weights 3.3).
/// </summary>
internal sealed class SectionSplitter(PaletteSearch search, CancellationToken cancellation = default)
{
    /// <summary>The sections in order; they cover the stream.</summary>
    /// <param name="codes">Codes of the stream's weights.</param>
    /// <param name="blockLength">Length of the blocks.</param>
    public List<WeightSection> Split(ReadOnlySpan<ushort> codes, int blockLength)
    {
        int count = (codes.Length + blockLength - 1) / blockLength;
        var blocks = new Block[count];
        int run = 0;
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int start = i * blockLength;
            var statistics = new SectionStatistics();
            run = statistics.Add(codes.Slice(start, Math.Min(blockLength, codes.Length - start)), run);
            blocks[i] = new(statistics, search.Cost(statistics)) { Next = i + 1, Previous = i - 1, Start = start };
        }
        Join(blocks);

        var sections = new List<WeightSection>();
        for (int i = 0; i < count; i = blocks[i].Next)
            sections.Add(new(blocks[i].Start, blocks[i].Statistics.Total, search.Find(blocks[i].Statistics).Palette));
        return sections;
    }

    private void Join(Block[] blocks)
    {
        // A pair is named by its left block; an entry whose version is not the block's is out of date.
        var queue = new PriorityQueue<(int Left, int Version, SectionStatistics Joined, long Bits), (long, int)>();
        void Propose(int left)
        {
            if (left < 0 || blocks[left].Next >= blocks.Length)
                return;
            Block right = blocks[blocks[left].Next];
            SectionStatistics joined = SectionStatistics.Merge(blocks[left].Statistics, right.Statistics);
            long bits = search.Cost(joined);
            long saved = blocks[left].Bits + right.Bits - bits;
            blocks[left].Version++;
            if (saved >= 0)
                queue.Enqueue((left, blocks[left].Version, joined, bits), (-saved, left));
        }

        for (int i = 0; i < blocks.Length; i++)
            Propose(i);
        while (queue.TryDequeue(out var pair, out _))
        {
            cancellation.ThrowIfCancellationRequested();
            Block left = blocks[pair.Left];
            if (left.Version != pair.Version)
                continue;
            Block right = blocks[left.Next];
            right.Version = -1;
            left.Statistics = pair.Joined;
            left.Bits = pair.Bits;
            left.Next = right.Next;
            if (right.Next < blocks.Length)
                blocks[right.Next].Previous = pair.Left;
            Propose(pair.Left);
            Propose(left.Previous);
        }
    }

    private sealed class Block(SectionStatistics statistics, long bits)
    {
        public SectionStatistics Statistics { get; set; } = statistics;

        public long Bits { get; set; } = bits;

        public required int Start { get; init; }

        public required int Next { get; set; }

        public required int Previous { get; set; }

        public int Version { get; set; }
    }
}
