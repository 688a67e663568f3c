using EthosU.Npu.Operations;
using EthosU.Npu.Weights.Decoding;

namespace EthosU.Simulator;

/// <summary>Biases and scales of an operation: per channel, or one for all (npu-u85 4.1 and 7.6).</summary>
internal sealed class EngineScales
{
    private const int Unit = 16;
    private readonly ChannelScale[] channels;
    private readonly FixedPointScale global;
    private readonly NpuRounding rounding;

    public EngineScales(Execution run, KernelOperation operation)
    {
        rounding = operation.Rounding;
        global = operation.OfmScale ?? FixedPointScale.One;
        // Products of 32 bits are shifted alone.
        if (operation is ElementwiseOperation { Mode: ElementwiseMode.Mul, Ifm.ElementBytes: 4 })
            global = global with { Multiplier = 1 };
        channels = operation is ConvolutionOperation convolution && operation.ScaleMode == OfmScaleMode.PerChannel
            ? Read(run, convolution) : [];
    }

    /// <summary>A sum scaled.</summary>
    public long Apply(long sum, int channel) => channels.Length == 0
        ? Scaling.Apply(sum, global, rounding)
        : Scaling.Apply(sum + channels[channel].Bias, channels[channel].Scale, rounding);

    private static ChannelScale[] Read(Execution run, ConvolutionOperation operation)
    {
        int depth = operation.Ofm.Depth, unit = Math.Max(Unit, operation.MicroBlock.Depth);
        int records = (depth + unit - 1) / unit * unit;
        StreamRange range = operation.Scales[0];
        if (range.Length < (long)records * ChannelScale.Size)
            throw new SimulationStopException(ViolationRules.OutsideRegion,
                $"{records} records of scales take {records * ChannelScale.Size} bytes, there are {range.Length}");
        ReadOnlySpan<byte> bytes = run.Read(operation.ScaleRegion, range.Address, range.Length, "the scales");
        if (bytes[(depth * ChannelScale.Size)..].ContainsAnyExcept((byte)0))
            run.Report(ViolationRules.WeightStream, "behind the records of the channels' scales not all is 0");
        var scales = new ChannelScale[depth];
        for (int i = 0; i < depth; i++)
        {
            ReadOnlySpan<byte> record = bytes.Slice(i * ChannelScale.Size, ChannelScale.Size);
            if (!EngineChannelScale.IsClean(record))
                run.Report(ViolationRules.WeightStream, $"the record of channel {i} sets bits without meaning");
            scales[i] = EngineChannelScale.Read(record, operation.Accumulators.IsWide);
        }
        return scales;
    }
}
