using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>
/// Decoded weights by their compressed bytes: the same stream is used by many stripes and runs, while buffers that hold streams are used
/// for many of them. Safe for several threads.
/// </summary>
internal sealed class WeightCache(string fileName)
{
    private const long LargestTotal = 1 << 26;
    private readonly Lock gate = new();
    private readonly Dictionary<int, List<ConvolutionWeights>> entries = [];
    private long total;

    /// <summary>The weights of an operation.</summary>
    public ConvolutionWeights Get(Execution run, ConvolutionOperation operation)
    {
        ConvolutionWeights weights = Find(run, operation);
        if (weights.Problem is { } problem)
            run.Report(ViolationRules.WeightStream, problem);
        return weights;
    }

    private ConvolutionWeights Find(Execution run, ConvolutionOperation operation)
    {
        int cores = operation.Weights.Length;
        object order = run.Architecture.Weights.Order(run, operation);
        var streams = new byte[cores][];
        HashCode hash = new();
        hash.Add(order);
        for (int core = 0; core < cores; core++)
        {
            ReadOnlySpan<byte> bytes = operation.Cores == 1 || operation.Ofm.Depth > core
                ? run.Read(operation.WeightRegion, operation.Weights[core].Address, operation.Weights[core].Length, "the weights") : [];
            streams[core] = bytes.ToArray();
            hash.AddBytes(bytes);
        }
        int key = hash.ToHashCode();
        lock (gate)
        {
            if (entries.TryGetValue(key, out List<ConvolutionWeights>? candidates))
                foreach (ConvolutionWeights candidate in candidates)
                    if (candidate.Order.Equals(order)
                        && candidate.Streams.Zip(streams).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second)))
                        return candidate;
        }
        ConvolutionWeights weights = Decode(run, operation, order, streams);
        lock (gate)
        {
            total += weights.Values.Length;
            if (total > LargestTotal)
            {
                entries.Clear();
                total = weights.Values.Length;
            }
            if (!entries.TryGetValue(key, out List<ConvolutionWeights>? list))
                entries[key] = list = [];
            list.Add(weights);
        }
        return weights;
    }

    private ConvolutionWeights Decode(Execution run, ConvolutionOperation operation, object order, byte[][] streams)
    {
        int outputs = operation.Ofm.Depth;
        long taps = (long)operation.Kernel.Height * operation.Kernel.Width * (operation.IsDepthwise ? 1 : operation.Ifm.Depth);
        if (taps > LargestTotal)
            throw new SimulationStopException(ViolationRules.TooMuchWork, $"an output has {taps} weights");
        long padded = operation.IsDepthwise ? taps
            : (taps + ConvolutionWeights.TapUnit - 1) / ConvolutionWeights.TapUnit * ConvolutionWeights.TapUnit;
        long size = padded
            * ((outputs + ConvolutionWeights.OutputUnit - 1) / ConvolutionWeights.OutputUnit * ConvolutionWeights.OutputUnit);
        run.Charge(size);
        if (size > LargestTotal)
            throw new SimulationStopException(ViolationRules.TooMuchWork, $"the operation has {size} weights");
        var values = new short[size];
        (IReadOnlyList<(short[], int, int)> parts, string? problem) =
            run.Architecture.Weights.Read(run, operation, streams, fileName);
        foreach ((short[] volume, int first, int step) in parts)
            for (int o = 0; (long)o * taps < volume.Length; o++)
            {
                ReadOnlySpan<short> source = volume.AsSpan((int)(o * taps), (int)taps);
                int channel = o * step + first;
                if (!operation.IsDepthwise)
                    source.CopyTo(values.AsSpan((int)(channel * padded)));
                else
                    for (int tap = 0; tap < source.Length; tap++)
                        values[tap * outputs + channel] = source[tap];
            }
        return new(streams, order, values, problem);
    }
}
