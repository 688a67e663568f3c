using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using C = EthosU.Npu.Commands.CommandCode;
using F = EthosU.Npu.Commands.CommandFields;
using G = EthosU.Npu.Commands.EthosU85Fields;

namespace EthosU.Npu.Architectures.EthosU85;

/// <summary>Turns a command stream into operations: follows the registers and takes what each operation reads (npu-u85 3 and 4).</summary>
internal sealed class OperationReader : RegisterReader
{
    private OperationReader(CommandStream stream, EngineFacts engine, string fileName) : base(stream, engine, fileName)
    {
    }

    /// <inheritdoc/>
    protected override CommandField DmaOutstanding => G.DmaOutstanding;

    /// <inheritdoc/>
    protected override CommandField KernelOutstanding => G.KernelOutstanding;

    /// <summary>The operations of a stream up to its STOP.</summary>
    /// <exception cref="ModelFormatException">Registers hold what no operation can be done with, or STOP is missing.</exception>
    public static ImmutableArray<StreamOperation> Read(CommandStream stream, EngineFacts engine, string fileName) =>
        new OperationReader(stream, engine, fileName).Run();

    /// <inheritdoc/>
    protected override StreamOperation Operation(Command command) => command.Code switch
    {
        C.OpDmaStart => Dma(),
        C.OpConv => Convolution(isDepthwise: false, command.Read(G.WeightSource) != 0),
        C.OpDepthwise => Convolution(isDepthwise: true, hasRunTimeWeights: false),
        C.OpPool => Pooling((PoolingMode)command.Read(F.PoolingMode)),
        C.OpElementwise => Elementwise((ElementwiseMode)command.Read(F.ElementwiseMode)),
        C.OpResize => Resize((ResizeMode)command.Read(G.ResizeMode)),
        C.OpBranch => throw Problem("branches are not supported"),
        _ => throw Problem($"{command.Definition.Name} is no operation"),
    };

    private DmaOperation Dma()
    {
        int mode = (int)Read(C.SetDma0SrcRegion, F.DmaStrideMode);
        if (mode > 2)
            throw Problem($"a transfer in stride mode {mode} is not known");
        DmaEnd source = End(C.SetDma0SrcRegion, C.SetDma0Src, EthosU85Codes.SetDma0SrcStride0, mode);
        DmaEnd destination = End(C.SetDma0DstRegion, C.SetDma0Dst, C.SetDma0DstStride0, mode);
        if (source.IsIndexed && destination.IsIndexed)
            throw Problem("a transfer with indices on both sides is not known");
        return new()
        {
            Source = source,
            Destination = destination,
            Length = Read(C.SetDma0Len, F.TransferLength),
            Rows = mode >= 1 ? (int)Read(C.SetDma0Size0, F.Count) : 1,
            Planes = mode >= 2 ? (int)Read(C.SetDma0Size1, F.Count) : 1,
            Indices = source.IsIndexed || destination.IsIndexed
                ? new((int)Read(C.SetDma0IdxRegion, F.Region), Address(C.SetDma0Idx), Read(C.SetDma0IdxMax, G.IndexMax),
                    mode >= 2 ? Read(C.SetDma0IdxSkip1, F.Stride) : 0)
                : null,
        };
    }

    private DmaEnd End(C region, C address, C stride, int mode)
    {
        bool indexed = Read(region, G.DmaIndexed) != 0;
        return new((int)Read(region, F.DmaRegion), Address(address))
        {
            IsSharedRam = Read(region, F.DmaMemory) != 0,
            IsIndexed = indexed,
            StrideMode = mode,
            RowStride = mode >= 1 || indexed ? Read(stride, F.Stride) : null,
            PlaneStride = mode >= 2 ? Read(stride + 1, F.Stride) : null,
        };
    }

    private ConvolutionOperation Convolution(bool isDepthwise, bool hasRunTimeWeights)
    {
        NpuKernel kernel = Kernel();
        AddressedFeatureMap ofm = Ofm();
        WeightForm form = new(Read(C.SetWeightFormat, G.WeightForm) != 0, Read(C.SetWeightFormat, G.WeightSparsity) != 0);
        int depth = isDepthwise ? ofm.Depth : Size(C.SetIfmDepthM1);
        if (hasRunTimeWeights && (kernel != NpuKernel.Unit || form != default))
            throw Problem("weights from the second input need a 1x1 kernel without strides and the standard weight format");
        if (isDepthwise && form != default)
            throw Problem("a depthwise convolution needs the standard weight format");
        ConvolutionOperation operation = new()
        {
            IsDepthwise = isDepthwise,
            HasRunTimeWeights = hasRunTimeWeights,
            Ifm = ofm,
            Ifm2 = hasRunTimeWeights ? Map(FeatureMapRegisters.Ifm2, 1, ofm.Depth, depth) : null,
            Ofm = ofm,
            Kernel = kernel,
            Activation = default,
            Block = default,
            WeightOrder = isDepthwise || hasRunTimeWeights ? KernelWeightOrder.DepthFirst
                : (KernelWeightOrder)Read(C.SetKernelStride, F.WeightOrder),
            WeightForm = form,
            WeightRegion = (int)Read(C.SetWeightRegion, F.Region),
            ScaleRegion = (int)Read(C.SetScaleRegion, F.Region),
            Weights = hasRunTimeWeights ? [] : WeightStreams(form),
            Scales = [],
        };
        operation = (ConvolutionOperation)WithWindow(operation, depth);
        if (operation.ScaleMode == OfmScaleMode.PerChannel && !operation.Accumulators.IsKeptUnwritten)
            operation = operation with { Scales = [new(Address(C.SetScaleBase), Read(C.SetScaleLength, F.ScaleLength))] };
        if (operation.Ifm.ElementBytes > 2 || (operation.Ifm2 is { } weights && weights.ElementBytes != operation.Ifm.ElementBytes))
            throw Problem("convolution needs inputs of 8 or 16 bits, both alike");
        return operation;
    }

    private PoolingOperation Pooling(PoolingMode mode)
    {
        NpuKernel kernel = Kernel();
        AddressedFeatureMap ofm = Ofm();
        bool none = mode == PoolingMode.None;
        PoolingOperation operation = new()
        {
            Mode = mode,
            Ifm = ofm,
            Ifm2 = none ? Map(FeatureMapRegisters.Ifm2, ofm.Height, ofm.Width, ofm.Depth) : null,
            Ofm = ofm,
            Kernel = kernel,
            Activation = default,
            Block = default,
        };
        operation = (PoolingOperation)WithWindow(operation, mode == PoolingMode.ReduceSum ? Size(C.SetIfmDepthM1) : ofm.Depth);
        if (none != (operation.Accumulators.Start == AccumulatorStart.Ifm2))
            throw Problem("accumulators begin with the second input in pooling mode 'none', and in no other");
        if (operation.ScaleMode == OfmScaleMode.PerChannel && !operation.Accumulators.IsKeptUnwritten)
            throw Problem("pooling with a scale for each channel is not supported");
        if (mode == PoolingMode.ReduceSum && ofm.Depth != 1)
            throw Problem("a sum over channels needs an output of one channel");
        return operation;
    }

    private ElementwiseOperation Elementwise(ElementwiseMode mode)
    {
        if (!Enum.IsDefined(mode))
            throw Problem($"elementwise mode {(int)mode} is not known");
        AddressedFeatureMap ofm = Ofm();
        bool binary = ElementwiseOperation.IsBinaryMode(mode);
        bool first = Read(C.SetIfmBroadcast, G.UseScalar) != 0, second = binary && Read(C.SetIfm2Broadcast, G.UseScalar) != 0;
        if (first && second)
            throw Problem("both operands are constants");
        AddressedFeatureMap ifm = Operand(FeatureMapRegisters.Ifm, C.SetIfmBroadcast, ofm);
        AddressedFeatureMap? ifm2 = binary ? Operand(FeatureMapRegisters.Ifm2, C.SetIfm2Broadcast, ofm) : null;
        if (ifm.ElementBytes > 4 || ifm2?.ElementBytes > 4)
            throw Problem("elementwise operations on 64 bits are not known");
        ElementwiseOperation operation = new()
        {
            Mode = mode,
            Ifm = ifm,
            Ifm2 = ifm2,
            Scalar = first || second ? (int)Read(C.SetOpScalar, G.Scalar) : null,
            IsFirstScalar = first,
            BroadcastHeight = binary && !second && ifm2!.Height < ofm.Height,
            BroadcastWidth = binary && !second && ifm2!.Width < ofm.Width,
            BroadcastDepth = binary && !second && ifm2!.Depth < ofm.Depth,
            Ofm = ofm,
            Activation = default,
            Block = default,
            IfmScale = InputScale(EthosU85Codes.SetIfmScale),
            Ifm2Scale = InputScale(EthosU85Codes.SetIfm2Scale),
        };
        operation = (ElementwiseOperation)WithCommon(operation);
        if (operation.Upscale != NpuUpscale.None || operation.Accumulators is { Start: not AccumulatorStart.Zero }
            or { IsKeptUnwritten: true } || operation.ScaleMode == OfmScaleMode.PerChannel)
            throw Problem("elementwise operations know no upscaling, kept accumulators and scales for each channel");
        return operation;
    }

    private ResizeOperation Resize(ResizeMode mode)
    {
        AddressedFeatureMap ofm = Ofm();
        if (!Enum.IsDefined(mode))
            throw Problem($"resize mode {(int)mode} is not known");
        ResizeOperation operation = new()
        {
            Mode = mode,
            Ifm = Map(FeatureMapRegisters.Ifm, Size(C.SetKernelHeightM1), Size(C.SetKernelWidthM1), ofm.Depth),
            Ofm = ofm,
            Activation = default,
            Block = default,
            X = Axis(C.SetResizeXScaleNM1, C.SetResizeXStep, C.SetResizeXOffset),
            Y = Axis(C.SetResizeYScaleNM1, C.SetResizeYStep, EthosU85Codes.SetResizeYOffset),
        };
        operation = (ResizeOperation)WithCommon(operation);
        if (operation.Accumulators is { Start: not AccumulatorStart.Zero } or { IsKeptUnwritten: true }
            || operation.ScaleMode == OfmScaleMode.PerChannel || operation.OutputOrder.Transpose != OutputTranspose.Hwc)
            throw Problem("resizing knows no kept accumulators, scales for each channel and transposes");
        return operation;
    }

    /// <inheritdoc/>
    protected override KernelOperation WithCommon(KernelOperation operation)
    {
        long upscale = Read(C.SetIfmUpscale, F.Upscale);
        if (upscale > 2)
            throw Problem($"upscaling mode {upscale} is not known");
        OutputOrder order = Order();
        if (!order.IsPlain && operation.Ofm.ChainBuffer is not null)
            throw Problem("a chained output cannot be transposed or reversed");
        return operation with
        {
            ScaleMode = (OfmScaleMode)Read(C.SetOfmPrecision, F.OfmScaleMode),
            OfmScale = OfmScale(),
            Rounding = OfmRounding(),
            Activation = Activation(operation.Ofm),
            Block = new((int)Read(C.SetOfmBlkHeightM1, G.BlockSize), (int)Read(C.SetOfmBlkWidthM1, G.BlockSize),
                (int)Read(C.SetOfmBlkDepthM1, G.BlockDepth)),
            MicroBlock = MicroBlock(),
            Accumulators = Accumulators(),
            OutputOrder = order,
            BlockDependency = (int)Read(C.SetBlockdep, G.BlockDependency),
            Upscale = (NpuUpscale)upscale,
        };
    }
}
