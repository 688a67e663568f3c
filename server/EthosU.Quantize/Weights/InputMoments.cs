using EthosU.Graphs;

namespace EthosU.Quantize.Weights;

/// <summary>
/// Second moments of what an operator multiplies with the weights of a unit: of neighbours among them, in blocks, so that memory stays
/// within the size of the weights times a constant.
/// </summary>
internal sealed class InputMoments
{
    private const int LargestBlock = 256, RowsAtOnce = 64, RowsOfElement = 16, LeastRows = 1024, LeastOfSample = 16, Small = 32;

    private readonly WindowRows rows;
    private readonly float[][] sums; // of each block: products of all its pairs
    private readonly double[] means;
    private long count;

    /// <summary>Nothing seen yet.</summary>
    /// <param name="rows">What is read.</param>
    /// <param name="channelsOfUnit">How many channels a unit reads; blocks end where those of a group of units do.</param>
    public InputMoments(WindowRows rows, int channelsOfUnit)
    {
        this.rows = rows;
        int length = rows.Channels * rows.Taps, most = Math.Clamp(LargestBlock / rows.Taps, 1, channelsOfUnit);
        while (channelsOfUnit < rows.Channels && channelsOfUnit % most != 0)
            most--;
        BlockSize = most * rows.Taps;
        sums = new float[(length + BlockSize - 1) / BlockSize][];
        for (int block = 0; block < sums.Length; block++)
        {
            int size = Math.Min(BlockSize, length - (block * BlockSize));
            sums[block] = new float[size * size];
        }
        means = new double[length];
    }

    /// <summary>Channels of what is read.</summary>
    public int Channels => rows.Channels;

    /// <summary>Elements of a block; the last may have fewer.</summary>
    public int BlockSize { get; }

    private int RowsWanted => Math.Max(LeastRows, BlockSize * RowsOfElement);

    /// <summary>Number of blocks.</summary>
    public int Blocks => sums.Length;

    /// <summary>Bytes that all of it takes.</summary>
    public long Bytes => sums.Sum(static sum => (long)sum.Length * sizeof(float));

    /// <summary>False where values were infinite, undefined or too large: of them nothing is learnt.</summary>
    public bool IsFinite => Array.TrueForAll(means, double.IsFinite)
        && Array.TrueForAll(sums, static sum => Array.TrueForAll(sum, float.IsFinite));

    /// <summary>Elements of a block.</summary>
    public int SizeOf(int block) => Math.Min(BlockSize, means.Length - (block * BlockSize));

    /// <summary>Adds rows of a sample. The result does not depend on how many cores work at it.</summary>
    /// <param name="values">What is read.</param>
    /// <param name="sample">Which sample it is.</param>
    /// <param name="samples">How many there are.</param>
    public void Add(ReadOnlySpan<float> values, int sample, int samples)
    {
        int most = (int)Math.Min(Math.Max(LeastOfSample, RowsWanted / samples), rows.Positions), length = means.Length;
        var read = new float[RowsAtOnce * length];
        for (int start = 0; start < most; start += RowsAtOnce)
        {
            int some = Math.Min(RowsAtOnce, most - start);
            for (int i = 0; i < some; i++)
            {
                Span<float> row = read.AsSpan(i * length, length);
                rows.Read(values, sample, start + i, most, row);
                for (int k = 0; k < length; k++)
                    means[k] += row[k];
            }
            count += some;
            ParallelLoop.For(Blocks, block => AddBlock(read, some, block));
        }
    }

    /// <summary>The covariances of a block's elements; where the mean is not corrected elsewhere, their moments.</summary>
    /// <param name="block">Which one.</param>
    /// <param name="centred">True for covariances.</param>
    public double[] Block(int block, bool centred)
    {
        int size = SizeOf(block), first = block * BlockSize;
        var result = new double[size * size];
        double n = Math.Max(1, count), kept = n / (n + size); // of few rows, what goes together is luck
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                double moment = (sums[block][j <= i ? (i * size) + j : (j * size) + i] / n)
                    - (centred ? means[first + i] / n * (means[first + j] / n) : 0);
                result[(i * size) + j] = i == j ? Math.Max(0, moment) : moment * kept;
            }
        }
        return result;
    }

    /// <summary>The lower half: each row in vectors of elements, which add up one by one in the order of the rows.</summary>
    private void AddBlock(float[] read, int some, int block)
    {
        int size = SizeOf(block), first = block * BlockSize, length = means.Length;
        float[] sum = sums[block];
        if (size <= Small)
        {
            for (int row = 0; row < some; row++)
            {
                ReadOnlySpan<float> values = read.AsSpan((row * length) + first, size);
                for (int i = 0; i < size; i++)
                    for (int j = 0; j <= i; j++)
                        sum[(i * size) + j] += values[i] * values[j];
            }
            return;
        }
        for (int i = 0; i < size; i++)
        {
            Span<float> line = sum.AsSpan(i * size, i + 1);
            for (int row = 0; row < some; row++)
            {
                ReadOnlySpan<float> values = read.AsSpan((row * length) + first, i + 1);
                VectorSums.AddProduct(line, values, values[i]);
            }
        }
    }
}
