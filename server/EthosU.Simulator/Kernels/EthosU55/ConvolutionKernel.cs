using EthosU.Npu.Operations;
using EthosU.Npu.Weights.Decoding;

namespace EthosU.Simulator;

/// <summary><c>NPU_OP_CONV</c> and <c>NPU_OP_DEPTHWISE</c> (npu-commands 7.3).</summary>
internal static class ConvolutionKernel
{
    public static void Run(Execution run, ConvolutionOperation operation)
    {
        AddressedFeatureMap ofm = operation.Ofm;
        IRowSource rows = FilterRows.Of(run, operation);
        ChannelScale[] scales = ChannelScales.Read(run, operation);
        OutputStage stage = new(run, operation);
        MapWriter writer = new(run, ofm);
        var sums = new long[(long)ofm.Width * ofm.Depth];
        var row = new int[sums.Length];
        for (int y = 0; y < ofm.Height; y++)
        {
            rows.Row(y, sums);
            for (int x = 0; x < ofm.Width; x++)
                Finish(sums.AsSpan(x * ofm.Depth, ofm.Depth), scales, operation.Rounding, stage, row.AsSpan(x * ofm.Depth, ofm.Depth));
            writer.WriteRow<int>(y, row);
        }
    }

    private static void Finish(ReadOnlySpan<long> sums, ReadOnlySpan<ChannelScale> scales, NpuRounding rounding, OutputStage stage,
        Span<int> target)
    {
        for (int o = 0; o < target.Length; o++)
            target[o] = stage.Finish(Scaling.Apply(sums[o] + scales[o].Bias, scales[o].Scale, rounding));
    }
}
