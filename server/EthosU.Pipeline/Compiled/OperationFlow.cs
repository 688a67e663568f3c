using EthosU.Graphs;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;

namespace EthosU.Pipeline.Compiled;

/// <summary>Follows bytes through the operations of a command stream.</summary>
internal sealed class OperationFlow
{
    // The shared RAM is no region; tables are written there and read by a later operation.
    private const int SharedRam = -1;

    // What operations hand to each other without memory.
    private const int Accumulators = -2, Chains = -3;
    private static readonly StreamRange Whole = new(0, long.MaxValue);
    private const int TableBase = 0;

    private readonly List<PartFlow> edges = [];
    private readonly HashSet<(string, string)> known = [];
    // What was written last, newest at the end; a range that is wholly written over is dropped.
    private readonly Dictionary<int, List<(StreamRange Range, string Writer)>> written = [];

    private OperationFlow()
    {
    }

    /// <summary>The edges, in the order of their readers.</summary>
    public IReadOnlyList<PartFlow> Edges => edges;

    /// <summary>Follows all operations of a part.</summary>
    /// <param name="part">The operator.</param>
    /// <param name="places">Where inputs and outputs lie in the arena.</param>
    public static OperationFlow Of(CompiledPart part, IReadOnlyDictionary<Tensor, StreamRange> places)
    {
        OperationFlow flow = new();
        for (int i = 0; i < part.Operands.Inputs.Length; i++)
            if (places.TryGetValue(part.Operands.Inputs[i], out StreamRange range))
                flow.Write(MemoryRegions.Arena, range, PartView.InputId(i));
        for (int i = 0; i < part.Groups.Length; i++)
            if (part.Groups[i].Operation is { } operation)
                flow.Follow(operation, PartView.OperationId(i));
        for (int i = 0; i < part.Operands.Outputs.Length; i++)
            if (places.TryGetValue(part.Operands.Outputs[i], out StreamRange range))
                flow.Read(MemoryRegions.Arena, range, PartView.OutputId(i),
                    $"{part.Operands.Outputs[i].Type.DisplayName()}{part.Operands.Outputs[i].Shape}");
        return flow;
    }

    private void Follow(StreamOperation operation, string id)
    {
        switch (operation)
        {
            case DmaOperation dma:
                long bytes = dma.Length * dma.Rows * dma.Planes;
                if (!dma.Source.IsSharedRam)
                    Read(dma.Source.Region, new(dma.Source.Address, bytes), id, $"{bytes} bytes");
                if (dma.Indices is { } indices)
                    Read(indices.Region, new(indices.Address, (long)dma.Rows * dma.Planes * sizeof(int)), id, "indices");
                Write(dma.Destination.IsSharedRam ? SharedRam : dma.Destination.Region, new(dma.Destination.Address, bytes), id);
                break;
            case KernelOperation kernel:
                foreach ((AddressedFeatureMap map, _) in kernel.ReadMaps)
                    Read(map, id);
                foreach (AddressedFeatureMap? chained in (AddressedFeatureMap?[])[kernel.Ifm, kernel.Ifm2])
                    if (chained?.ChainBuffer is { } buffer)
                        Read(Chains - buffer, Whole, id,
                            $"{chained.Type.DisplayName()}[{chained.Height}, {chained.Width}, {chained.Depth}]");
                if (kernel.Accumulators.Start == AccumulatorStart.Kept)
                    Read(Accumulators, Whole, id, "accumulators");
                if (kernel is ConvolutionOperation convolution)
                {
                    foreach (StreamRange range in convolution.Weights)
                        Read(convolution.WeightRegion, range, id, "weights");
                    foreach (StreamRange range in convolution.Scales)
                        Read(convolution.ScaleRegion, range, id, "scales");
                }
                if (kernel.UsesTable)
                    Read(SharedRam, new(TableBase, long.MaxValue), id, "table", newestOnly: true);
                if (kernel.StoredOfm is { } ofm)
                    foreach (StreamRange range in ofm.Ranges())
                        Write(ofm.Region, range, id);
                else
                    Write(kernel.Ofm.ChainBuffer is { } filled ? Chains - filled : Accumulators, Whole, id);
                break;
        }
    }

    private void Read(AddressedFeatureMap map, string reader)
    {
        foreach (StreamRange range in map.Ranges())
            Read(map.Region, range, reader, $"{map.Type.DisplayName()}[{map.Height}, {map.Width}, {map.Depth}]");
    }

    private void Read(int region, StreamRange range, string reader, string label, bool newestOnly = false)
    {
        if (!written.TryGetValue(region, out var ranges))
            return;
        for (int i = ranges.Count - 1; i >= 0; i--)
        {
            (StreamRange other, string writer) = ranges[i];
            if (!Overlap(other, range) || writer == reader)
                continue;
            if (known.Add((writer, reader)))
                edges.Add(new(writer, reader, label));
            if (newestOnly || (other.Address <= range.Address && other.End >= range.End))
                return;
        }
    }

    private void Write(int region, StreamRange range, string writer)
    {
        if (!written.TryGetValue(region, out var ranges))
            written[region] = ranges = [];
        ranges.RemoveAll(old => old.Range.Address >= range.Address && old.Range.End <= range.End);
        ranges.Add((range, writer));
    }

    private static bool Overlap(StreamRange first, StreamRange second) => first.Address < second.End && second.Address < first.End;
}
