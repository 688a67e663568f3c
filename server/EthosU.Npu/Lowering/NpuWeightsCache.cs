namespace EthosU.Npu.Lowering;

/// <summary>Filters of ones that several operations share.</summary>
internal sealed class NpuWeightsCache
{
    private readonly Dictionary<(int Depth, int Height, int Width), NpuWeights> ones = [];

    /// <summary>A depthwise filter of ones that leaves sums as they are.</summary>
    public NpuWeights Ones(int depth, int height, int width)
    {
        if (!ones.TryGetValue((depth, height, width), out NpuWeights? weights))
            ones.Add((depth, height, width), weights = NpuWeights.Uniform(1, depth, height, width, 1, FixedScale.Unit));
        return weights;
    }
}
