using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>Filters of ones that several operations share.</summary>
internal sealed class NpuWeightsCache
{
    private readonly Dictionary<(int Depth, int Height, int Width, FixedPointScale Scale), NpuWeights> ones = [];

    /// <summary>A depthwise filter of ones.</summary>
    public NpuWeights Ones(int depth, int height, int width, FixedPointScale scale)
    {
        if (!ones.TryGetValue((depth, height, width, scale), out NpuWeights? weights))
            ones.Add((depth, height, width, scale), weights = NpuWeights.Uniform(1, depth, height, width, 1, scale));
        return weights;
    }
}
