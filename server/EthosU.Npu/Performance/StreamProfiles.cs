using System.Collections.Immutable;
using System.Globalization;
using EthosU.Npu.Blocks;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>Finds in the operations of a command stream what their time depends on.</summary>
internal sealed class StreamProfiles
{
    private readonly Target target;
    private readonly IBlockModel blocks;
    private readonly List<TimedOperation> result = [];
    private readonly List<(int Region, StreamRange Range, MemoryKind Source)> buffers = [];
    private readonly List<MemoryTransfer> transfers = [];
    private readonly List<StreamOperation> commands = [];
    private ConvolutionOperation? previous;

    private StreamProfiles(Target target, IBlockModel blocks)
    {
        this.target = target;
        this.blocks = blocks;
    }

    /// <summary>The operations with the copies that belong to them; depth slices of an operation are put together.</summary>
    /// <param name="operations">Operations of a stream.</param>
    /// <param name="target">What the stream was made for.</param>
    /// <param name="blocks">Blocks of its architecture.</param>
    public static ImmutableArray<TimedOperation> Of(IEnumerable<StreamOperation> operations, Target target, IBlockModel blocks)
    {
        var profiles = new StreamProfiles(target, blocks);
        foreach (StreamOperation operation in operations)
        {
            if (operation is DmaOperation dma)
                profiles.Add(dma);
            else if (operation is KernelOperation kernel)
                profiles.Add(kernel);
        }
        return [.. profiles.result];
    }

    private void Add(DmaOperation dma)
    {
        commands.Add(dma);
        long bytes = dma.Length * dma.Rows * dma.Planes;
        MemoryKind source = target.MemoryOf(dma.Source.Region);
        if (dma.Destination.IsSharedRam || dma.Source.Region != MemoryRegions.ReadOnly)
        {
            transfers.Add(new(source, dma.Destination.IsSharedRam ? null : target.MemoryOf(dma.Destination.Region), bytes));
            return;
        }
        var range = new StreamRange(dma.Destination.Address, bytes);
        buffers.RemoveAll(b => b.Region == dma.Destination.Region && b.Range.Address < range.End && range.Address < b.Range.End);
        buffers.Add((dma.Destination.Region, range, source));
    }

    private void Add(KernelOperation kernel)
    {
        commands.Add(kernel);
        var convolution = kernel as ConvolutionOperation;
        OperationProfile profile = Profile(kernel);
        ImmutableArray<WeightSlice> slices = [];
        MemoryKind bufferedFrom = default;
        if (convolution is not null && FindBuffer(convolution) is { } buffer)
        {
            slices = [new(kernel.Ofm.Depth, buffer.Range.Length)];
            bufferedFrom = buffer.Source;
        }
        if (convolution is not null && previous is not null && transfers.Count == 0 && ContinuesDepth(previous, convolution)
            && result[^1].BufferedSlices.IsEmpty == slices.IsEmpty)
        {
            TimedOperation whole = result[^1];
            result[^1] = whole with { Profile = Join(whole.Profile, profile), BufferedSlices = whole.BufferedSlices.AddRange(slices),
                Commands = [.. whole.Commands, .. commands] };
        }
        else
        {
            result.Add(new($"{NameOf(kernel)} {kernel.CommandIndex.ToString(CultureInfo.InvariantCulture)}", profile)
            {
                BufferedSlices = slices,
                BufferedFrom = bufferedFrom,
                Transfers = [.. transfers],
                Commands = [.. commands],
                IsTableOnly = kernel.UsesTable
                    && (kernel is ElementwiseOperation { Mode: ElementwiseMode.Add, Scalar: 0 }
                    or PoolingOperation { Kernel: { Height: 1, Width: 1 } }),
            });
            transfers.Clear();
        }
        commands.Clear();
        previous = convolution;
    }

    private static string NameOf(KernelOperation kernel) => kernel switch
    {
        ConvolutionOperation { IsDepthwise: true } => "Depthwise",
        ConvolutionOperation => "Convolution",
        PoolingOperation pooling => $"{pooling.Mode} pooling",
        ElementwiseOperation elementwise => elementwise.Mode.ToString(),
        _ => kernel.GetType().Name,
    };

    private (int Region, StreamRange Range, MemoryKind Source)? FindBuffer(ConvolutionOperation convolution)
    {
        if (convolution.WeightRegion == MemoryRegions.ReadOnly)
            return null;
        foreach (var buffer in buffers)
            if (buffer.Region == convolution.WeightRegion && convolution.Weights[0].Address >= buffer.Range.Address
                && convolution.Weights[0].Address < buffer.Range.End)
                return buffer;
        return null;
    }

    private static bool ContinuesDepth(ConvolutionOperation first, ConvolutionOperation second)
    {
        AddressedFeatureMap a = first.Ofm, b = second.Ofm;
        bool sameInput = first.IsDepthwise
            || (first.Ifm.Region == second.Ifm.Region && first.Ifm.Tiles == second.Ifm.Tiles && first.Ifm.Depth == second.Ifm.Depth);
        return sameInput && first.IsDepthwise == second.IsDepthwise && first.Kernel == second.Kernel && first.Block == second.Block
            && a.Region == b.Region && a.Layout == b.Layout && a.Height == b.Height && a.Width == b.Width
            && a.StrideY == b.StrideY && a.StrideX == b.StrideX && a.StrideC == b.StrideC
            && a.Tiles.Base0 + a.ChannelOffset(a.Depth) == b.Tiles.Base0 && first.Weights[0] != second.Weights[0];
    }

    private static OperationProfile Join(OperationProfile whole, OperationProfile slice)
    {
        FeatureMapProfile Deeper(FeatureMapProfile map, int depth) =>
            map with { Shape = map.Shape with { Depth = map.Shape.Depth + depth } };
        return whole with
        {
            Ofm = Deeper(whole.Ofm, slice.Ofm.Shape.Depth),
            Ifm = whole.Operation == BlockOperation.Depthwise ? Deeper(whole.Ifm, slice.Ifm.Shape.Depth) : whole.Ifm,
            WeightBytes = whole.WeightBytes + slice.WeightBytes,
            ScaleBytes = whole.ScaleBytes + slice.ScaleBytes,
        };
    }

    private OperationProfile Profile(KernelOperation kernel)
    {
        var convolution = kernel as ConvolutionOperation;
        var elementwise = kernel as ElementwiseOperation;
        var pooling = kernel as PoolingOperation;
        NpuKernel shape = (kernel as WindowOperation)?.Kernel ?? NpuKernel.Unit;
        BlockOperation operation = convolution is not null ? convolution.IsDepthwise ? BlockOperation.Depthwise : BlockOperation.Convolution
            : pooling is not null ? pooling.Mode == PoolingMode.ReduceSum ? BlockOperation.ReduceSum : BlockOperation.Pooling
            : BlockOperation.Elementwise;
        FeatureMapProfile ifm = Map(kernel.Ifm), ofm = Map(kernel.Ofm);
        FeatureMapProfile? ifm2 = elementwise is { Ifm2: { } operand, Scalar: null } ? Map(operand) : null;
        bool partKernel = convolution?.WeightOrder == KernelWeightOrder.PartKernelFirst;
        var query = new BlockQuery(target.Accelerator, operation, ofm.Shape, ifm.Shape, ifm.Bits, shape)
        {
            Upscale = kernel.Upscale,
            PartKernelFirst = partKernel,
        };
        return new()
        {
            Operation = operation,
            Ifm = ifm,
            Ifm2 = ifm2,
            Ofm = ofm,
            Kernel = shape,
            OfmBlock = kernel.Block,
            IfmBlock = blocks.IfmBlock(query, kernel.Block),
            PartKernelFirst = partKernel,
            AccumulatorBits = kernel.SharedRam.Accumulator == AccumulatorFormat.Int40 ? 40 : 32,
            Output = Kind(kernel),
            Activation = OutputCosts.Activation(kernel.Activation, kernel.Ofm.Type, kernel.Ofm.ZeroPoint, pooling is not null),
            WeightMemory = convolution is null ? null : target.MemoryOf(convolution.WeightRegion),
            WeightBytes = convolution?.Weights.Sum(w => w.Length) ?? 0,
            ScaleMemory = convolution is null ? null : target.MemoryOf(convolution.ScaleRegion),
            ScaleBytes = convolution?.Scales.Sum(s => s.Length) ?? 0,
        };
    }

    private static OutputKind Kind(KernelOperation kernel) => kernel switch
    {
        PoolingOperation { Mode: PoolingMode.Max } => OutputKind.MaxPool,
        ElementwiseOperation elementwise => OutputCosts.Kind(elementwise.Mode, elementwise.IsBinary),
        _ => OutputKind.Other,
    };

    private FeatureMapProfile Map(AddressedFeatureMap map) => new(
        new(map.Height, map.Width, map.Depth), map.ElementBytes * 8, map.Layout == FeatureMapLayout.Nhcwb16, target.MemoryOf(map.Region));
}
