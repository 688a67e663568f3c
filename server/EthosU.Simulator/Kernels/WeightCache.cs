using EthosU.Npu.Operations;
using EthosU.Npu.Weights.Decoding;

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
        int cores = operation.Cores;
        WeightGeometry geometry = Geometry(run, operation, 0);
        var streams = new byte[cores][];
        HashCode hash = new();
        hash.Add(geometry);
        for (int core = 0; core < cores; core++)
        {
            ReadOnlySpan<byte> bytes = operation.Ofm.Depth > core
                ? run.Read(operation.WeightRegion, operation.Weights[core].Address, operation.Weights[core].Length, "the weights") : [];
            streams[core] = bytes.ToArray();
            hash.AddBytes(bytes);
        }
        int key = hash.ToHashCode();
        lock (gate)
        {
            if (entries.TryGetValue(key, out List<ConvolutionWeights>? candidates))
                foreach (ConvolutionWeights candidate in candidates)
                    if (candidate.Geometry == geometry
                        && candidate.Streams.Zip(streams).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second)))
                        return candidate;
        }
        ConvolutionWeights weights = Decode(run, operation, geometry, streams);
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

    private static WeightGeometry Geometry(Execution run, ConvolutionOperation operation, int core)
    {
        NpuKernel kernel = operation.Kernel;
        return new()
        {
            OfmDepth = (operation.Ofm.Depth + operation.Cores - 1 - core) / operation.Cores,
            KernelHeight = kernel.Height,
            KernelWidth = kernel.Width,
            IfmDepth = operation.IsDepthwise ? 1 : operation.Ifm.Depth,
            BlockDepth = Math.Max(1, operation.Block.DepthOfCore(core, operation.Cores)),
            MicroBlockDepth = run.Accelerator.OfmMicroBlock.Depth,
            IfmBits = operation.Ifm.ElementBytes * 8,
            DilationY = kernel.DilationY,
            DilationX = kernel.DilationX,
            IsDepthwise = operation.IsDepthwise,
            Order = operation.WeightOrder,
        };
    }

    private ConvolutionWeights Decode(Execution run, ConvolutionOperation operation, WeightGeometry geometry, byte[][] streams)
    {
        int outputs = operation.Ofm.Depth;
        long taps = (long)geometry.KernelHeight * geometry.KernelWidth * geometry.IfmDepth;
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
        for (int core = 0; core < streams.Length; core++)
        {
            WeightGeometry own = Geometry(run, operation, core);
            if (own.OfmDepth == 0)
                continue;
            short[] volume = WeightReader.Read(streams[core], own, $"command {operation.CommandIndex}, weights of core {core}", fileName);
            for (int o = 0; o < own.OfmDepth; o++)
            {
                ReadOnlySpan<short> source = volume.AsSpan((int)(o * taps), (int)taps);
                int channel = o * streams.Length + core;
                if (!operation.IsDepthwise)
                    source.CopyTo(values.AsSpan((int)(channel * padded)));
                else
                    for (int tap = 0; tap < source.Length; tap++)
                        values[tap * outputs + channel] = source[tap];
            }
        }
        return new(streams, geometry, values);
    }
}
