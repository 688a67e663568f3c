using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using C = EthosU.Npu.Commands.CommandCode;
using F = EthosU.Npu.Commands.CommandFields;

namespace EthosU.Npu.Architectures.EthosU55;

/// <summary>Turns a command stream into operations: follows the registers and takes what each operation reads (npu-commands 7.9).</summary>
internal sealed class OperationReader : RegisterReader
{
    private OperationReader(CommandStream stream, string fileName) : base(stream, fileName)
    {
    }

    /// <inheritdoc/>
    protected override CommandField DmaOutstanding => F.DmaOutstanding;

    /// <inheritdoc/>
    protected override CommandField KernelOutstanding => F.KernelOutstanding;

    /// <summary>The operations of a stream up to its STOP.</summary>
    /// <exception cref="ModelFormatException">Registers hold what no operation can be done with, or STOP is missing.</exception>
    public static ImmutableArray<StreamOperation> Read(CommandStream stream, string fileName) =>
        new OperationReader(stream, fileName).Run();

    /// <inheritdoc/>
    protected override StreamOperation Operation(Command command) => command.Code switch
    {
        C.OpDmaStart => Dma(),
        C.OpConv => Convolution(isDepthwise: false),
        C.OpDepthwise => Convolution(isDepthwise: true),
        C.OpPool => Pooling((int)command.Read(F.PoolingMode)),
        C.OpElementwise => Elementwise((int)command.Read(F.ElementwiseMode)),
        _ => throw Problem($"{command.Definition.Name} is no operation"),
    };

    private DmaOperation Dma()
    {
        DmaEnd source = End(C.SetDma0SrcRegion, C.SetDma0Src), destination = End(C.SetDma0DstRegion, C.SetDma0Dst);
        int dimensions = Math.Max(source.StrideMode, destination.StrideMode);
        if (dimensions > Family.TransferDimensions)
            throw Problem($"a transfer in stride mode {dimensions} is not known on {Family}");
        return new()
        {
            Source = source,
            Destination = destination,
            Length = Read(C.SetDma0Len, F.TransferLength),
            Rows = dimensions >= 1 ? (int)Read(C.SetDma0Size0, F.Count) : 1,
            Planes = dimensions >= 2 ? (int)Read(C.SetDma0Size1, F.Count) : 1,
            RowSkip = dimensions >= 1 ? Stride(C.SetDma0Skip0) : 0,
            PlaneSkip = dimensions >= 2 ? Stride(C.SetDma0Skip1) : 0,
        };
    }

    private DmaEnd End(C region, C address)
    {
        RefuseCustomDma(region);
        return new((int)Read(region, F.DmaRegion), Address(address))
        {
            IsSharedRam = Read(region, F.DmaMemory) != 0,
            StrideMode = (int)Read(region, F.DmaStrideMode),
        };
    }

    private ConvolutionOperation Convolution(bool isDepthwise)
    {
        NpuKernel kernel = Kernel();
        AddressedFeatureMap ofm = Ofm();
        int cores = Cores();
        RefuseCustomDma(C.SetWeightRegion);
        RefuseCustomDma(C.SetScaleRegion);
        ConvolutionOperation operation = new()
        {
            IsDepthwise = isDepthwise,
            Ifm = Ofm(),
            Ofm = ofm,
            Kernel = kernel,
            Activation = default,
            Block = default,
            SharedRam = default,
            WeightOrder = isDepthwise ? KernelWeightOrder.DepthFirst : (KernelWeightOrder)Read(C.SetKernelStride, F.WeightOrder),
            WeightRegion = (int)Read(C.SetWeightRegion, F.Region),
            ScaleRegion = (int)Read(C.SetScaleRegion, F.Region),
            Weights = Streams(cores, C.SetWeightBase, C.SetWeight1Base, F.WeightLength),
            Scales = Streams(cores, C.SetScaleBase, C.SetScale1Base, F.ScaleLength),
        };
        operation = (ConvolutionOperation)WithWindow(operation, isDepthwise ? ofm.Depth : Size(C.SetIfmDepthM1));
        return operation.Ifm.ElementBytes < 4 ? operation : throw Problem("convolution of 32-bit elements");
    }

    private PoolingOperation Pooling(int mode)
    {
        if (mode > (int)PoolingMode.ReduceSum)
            throw Problem($"pooling mode {mode} is not known");
        NpuKernel kernel = Kernel();
        AddressedFeatureMap ofm = Ofm();
        bool reduce = mode == (int)PoolingMode.ReduceSum;
        PoolingOperation operation = new()
        {
            Mode = (PoolingMode)mode,
            Ifm = ofm,
            Ofm = ofm,
            Kernel = kernel,
            Activation = default,
            Block = default,
            SharedRam = default,
        };
        operation = (PoolingOperation)WithWindow(operation, reduce ? Size(C.SetIfmDepthM1) : ofm.Depth);
        bool scaled = reduce || (operation.ScaleMode == OfmScaleMode.Global && (mode == (int)PoolingMode.Max || operation.Padding.IsEmpty));
        if (reduce && (kernel is not { Width: 1, Height: 1, StrideX: 1, StrideY: 1 } || !operation.Padding.IsEmpty || ofm.Depth != 1))
            throw Problem("a sum over channels needs a 1x1 kernel without strides and padding and an output of one channel");
        return operation with { OfmScale = scaled ? Scale(C.SetOfmScale) : operation.OfmScale };
    }

    private ElementwiseOperation Elementwise(int mode)
    {
        if (mode > (int)ElementwiseMode.ShiftLeft)
            throw Problem($"elementwise mode {mode} is not known");
        AddressedFeatureMap ofm = Ofm();
        ulong broadcast = Read(C.SetIfm2Broadcast);
        bool binary = ElementwiseOperation.IsBinaryMode((ElementwiseMode)mode), scalar = binary && F.UseScalar.Read(broadcast) != 0;
        bool Repeats(CommandField field) => binary && !scalar && field.Read(broadcast) != 0;
        bool height = Repeats(F.BroadcastHeight), width = Repeats(F.BroadcastWidth), depth = Repeats(F.BroadcastDepth);
        AddressedFeatureMap? ifm2 = !binary ? null
            : Map(FeatureMapRegisters.Ifm2, height ? 1 : ofm.Height, width ? 1 : ofm.Width, depth ? 1 : ofm.Depth);
        ElementwiseOperation operation = new()
        {
            Mode = (ElementwiseMode)mode,
            Ifm = Map(FeatureMapRegisters.Ifm, ofm.Height, ofm.Width, ofm.Depth),
            Ifm2 = ifm2,
            Scalar = scalar ? Typed(C.SetIfm2Scalar, ifm2!.IsSigned) : null,
            ReverseOperands = binary && F.ReverseOperands.Read(broadcast) != 0,
            BroadcastHeight = height,
            BroadcastWidth = width,
            BroadcastDepth = depth,
            Ofm = ofm,
            Activation = default,
            Block = default,
            SharedRam = default,
            OperandScaling = mode is (int)ElementwiseMode.Add or (int)ElementwiseMode.Sub ? OperandScaling() : default,
        };
        operation = (ElementwiseOperation)WithCommon(operation);
        if (operation.Upscale != NpuUpscale.None)
            throw Problem("elementwise operations with upscaling are not known");
        return operation with { OfmScale = Scale(C.SetOfmScale) };
    }

    private OperandScaling OperandScaling()
    {
        long mode = Read(C.SetIfmPrecision, F.IfmScaleMode);
        if (mode > 2)
            throw Problem($"operand scale mode {mode} is not known");
        return new((OperandScaleMode)mode, Scale(C.SetOpaScale),
            (ushort)Read(C.SetOpbScale, F.Multiplier16)) { Rounding = Rounding(C.SetIfmPrecision) };
    }

    /// <inheritdoc/>
    protected override KernelOperation WithCommon(KernelOperation operation)
    {
        long upscale = Read(C.SetIfmUpscale, F.Upscale), accumulator = Read(C.SetAccFormat, F.AccumulatorFormat);
        if (upscale > 2)
            throw Problem($"upscaling mode {upscale} is not known");
        if (accumulator > 1)
            throw Problem($"accumulator format {accumulator} is not supported");
        OfmScaleMode scaleMode = (OfmScaleMode)Read(C.SetOfmPrecision, F.OfmScaleMode);
        return operation with
        {
            ScaleMode = scaleMode,
            OfmScale = scaleMode == OfmScaleMode.Global ? Scale(C.SetOfmScale) : null,
            Rounding = Rounding(C.SetOfmPrecision),
            Activation = Activation(operation.Ofm),
            Block = new((int)Read(C.SetOfmBlkHeightM1, F.BlockHeight), (int)Read(C.SetOfmBlkWidthM1, F.BlockWidth),
                (int)Read(C.SetOfmBlkDepthM1, F.BlockDepth)),
            SharedRam = new((int)Read(C.SetIfmIbEnd, F.Bank), (int)Read(C.SetAbStart, F.Bank), (AccumulatorFormat)accumulator)
            {
                Ifm2Start = operation is ElementwiseOperation { IsBinary: true, Scalar: null } ? (int)Read(C.SetIfm2IbStart, F.Bank) : null,
            },
            BlockDependency = (int)Read(C.SetBlockdep, F.BlockDependency),
            Upscale = (NpuUpscale)upscale,
            Cores = Cores(),
        };
    }

}
