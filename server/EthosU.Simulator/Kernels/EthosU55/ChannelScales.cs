using EthosU.Npu.Operations;
using EthosU.Npu.Weights.Decoding;

namespace EthosU.Simulator;

/// <summary>Biases and scales of an operation's channels, of all cores (npu-commands 7.3.1 and 7.3.2).</summary>
internal static class ChannelScales
{
    public static ChannelScale[] Read(Execution run, ConvolutionOperation operation)
    {
        int depth = operation.Ofm.Depth, cores = operation.Cores;
        var scales = new ChannelScale[depth];
        for (int core = 0; core < cores && core < depth; core++)
        {
            int channels = (depth + cores - 1 - core) / cores;
            StreamRange range = operation.Scales[core];
            if (range.Length < (long)channels * ChannelScale.Size)
                throw new SimulationStopException(ViolationRules.OutsideRegion,
                    $"{channels} channels need {channels * ChannelScale.Size} bytes of scales, core {core} has {range.Length}");
            ReadOnlySpan<byte> bytes = run.Read(operation.ScaleRegion, range.Address, range.Length, "the scales");
            for (int i = 0; i < channels; i++)
                scales[i * cores + core] = ChannelScale.Read(bytes[(i * ChannelScale.Size)..]);
        }
        if (operation.ScaleMode == OfmScaleMode.Global)
            for (int i = 0; i < depth; i++)
                scales[i] = scales[i] with { Scale = operation.OfmScale ?? FixedPointScale.One };
        return scales;
    }
}
