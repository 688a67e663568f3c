using System.Collections.Immutable;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using C = EthosU.Npu.Commands.CommandCode;
using F = EthosU.Npu.Commands.CommandFields;

namespace EthosU.Npu.Architectures.EthosU55;

/// <summary>
/// Writes operations as commands, in the order of npu-commands 12. Commands that would set a register to the value it has are left out
/// unless asked for.
/// </summary>
public sealed class CommandWriter
{
    private readonly ProductFamily family;
    private readonly bool omitUnchanged;
    private readonly List<Command> commands = [];
    private readonly Dictionary<C, Command> current = [];

    /// <summary>Begins a stream for an accelerator.</summary>
    /// <param name="config">The accelerator; its cores are used by default.</param>
    /// <param name="omitUnchanged">False: every register is written for every operation.</param>
    public CommandWriter(HardwareConfig config, bool omitUnchanged = true)
    {
        family = ProductFamily.Of(config.Product);
        this.omitUnchanged = omitUnchanged;
        if (family.HasSeveralCores)
            Set(C.SetParallelMode, F.Cores, config.Cores);
    }

    /// <summary>Number of commands written so far.</summary>
    public int Count => commands.Count;

    /// <summary>Writes an operation: its registers, its waits and the command that starts it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit its register.</exception>
    public void Add(StreamOperation operation)
    {
        switch (operation)
        {
            case DmaOperation dma:
                WriteRegisters(dma);
                Start(operation, C.OpDmaStart, 0);
                break;
            case ConvolutionOperation convolution:
                WriteRegisters(convolution);
                Start(operation, convolution.IsDepthwise ? C.OpDepthwise : C.OpConv, 0);
                break;
            case PoolingOperation pooling:
                WriteRegisters(pooling);
                Start(operation, C.OpPool, F.PoolingMode.Write(0, (long)pooling.Mode));
                break;
            case ElementwiseOperation elementwise:
                WriteRegisters(elementwise);
                Start(operation, C.OpElementwise, F.ElementwiseMode.Write(0, (long)elementwise.Mode));
                break;
            default:
                throw new ArgumentException($"{operation.GetType().Name} cannot be written", nameof(operation));
        }
    }

    /// <summary>Ends the stream with STOP and gives it.</summary>
    public CommandStream Finish()
    {
        commands.Add(new(C.OpStop, ushort.MaxValue));
        return new(family.Product, [.. commands]);
    }

    /// <summary>Writes a register, unless it has the value already and unchanged ones are left out.</summary>
    /// <exception cref="ArgumentException">The product does not have the register.</exception>
    public void Set(C register, ulong value)
    {
        if (!CommandSet.EthosU55.Of(register).ExistsOn(family.Product))
            throw new ArgumentException($"{CommandSet.EthosU55.Of(register).Name} does not exist on {family}", nameof(register));
        Command command = Command.WithValue(register, value);
        if (omitUnchanged && current.TryGetValue(register, out Command last) && last == command)
            return;
        current[register] = command;
        commands.Add(command);
    }

    private void Set(C register, CommandField field, long number) => Set(register, field.Write(0, number));

    private void Start(StreamOperation operation, C code, ulong value)
    {
        if (operation.KernelWait is { } kernels)
            commands.Add(Command.WithValue(C.OpKernelWait, F.KernelOutstanding.Write(0, kernels)));
        if (operation.DmaWait is { } transfers)
            commands.Add(Command.WithValue(C.OpDmaWait, F.DmaOutstanding.Write(0, transfers)));
        commands.Add(Command.WithValue(code, value));
    }

    private void WriteRegisters(DmaOperation dma)
    {
        Set(C.SetDma0SrcRegion, RegionValue(dma.Source));
        Set(C.SetDma0Src, F.Address, dma.Source.Address);
        Set(C.SetDma0DstRegion, RegionValue(dma.Destination));
        Set(C.SetDma0Dst, F.Address, dma.Destination.Address);
        if (Math.Max(dma.Source.StrideMode, dma.Destination.StrideMode) is var dimensions and > 0)
        {
            Set(C.SetDma0Size0, F.Count, dma.Rows);
            Set(C.SetDma0Skip0, F.Stride, dma.RowSkip);
            if (dimensions > 1)
            {
                Set(C.SetDma0Size1, F.Count, dma.Planes);
                Set(C.SetDma0Skip1, F.Stride, dma.PlaneSkip);
            }
        }
        Set(C.SetDma0Len, F.TransferLength, dma.Length);
    }

    private static ulong RegionValue(DmaEnd end) =>
        F.DmaStrideMode.Write(F.DmaMemory.Write(F.DmaRegion.Write(0, end.Region), end.IsSharedRam ? 1 : 0), end.StrideMode);

    private void WriteRegisters(KernelOperation operation)
    {
        if (family.HasSeveralCores)
            Set(C.SetParallelMode, F.Cores, operation.Cores);
        ElementwiseOperation? elementwise = operation as ElementwiseOperation;
        WindowOperation? window = operation as WindowOperation;
        if (elementwise is not null)
            WriteScales(elementwise);
        WriteMap(FeatureMapRegisters.Ifm, operation.Ifm, depth: () => Set(C.SetIfmDepthM1, F.Size, operation.Ifm.Depth));
        Set(C.SetIfmZeroPoint, F.ZeroPoint, operation.Ifm.ZeroPoint);
        ulong precision = Precision(FeatureMapRegisters.Ifm, operation.Ifm);
        if (elementwise is not null)
            precision = F.Rounding
                .Write(F.IfmScaleMode.Write(precision, (long)elementwise.OperandScaling.Mode), (long)elementwise.OperandScaling.Rounding);
        Set(C.SetIfmPrecision, precision);
        Set(C.SetIfmUpscale, F.Upscale, (long)operation.Upscale);
        if (window is not null)
            WritePadding(window.Padding);
        WriteMap(FeatureMapRegisters.Ofm, operation.Ofm, depth: () =>
        {
            Set(C.SetOfmHeightM1, F.Size, operation.Ofm.Height);
            Set(C.SetOfmWidthM1, F.Size, operation.Ofm.Width);
            Set(C.SetOfmDepthM1, F.Size, operation.Ofm.Depth);
        });
        Set(C.SetOfmZeroPoint, F.ZeroPoint, operation.Ofm.ZeroPoint);
        Set(C.SetOfmPrecision, F.Rounding.Write(
            F.OfmScaleMode.Write(Precision(FeatureMapRegisters.Ofm, operation.Ofm), (long)operation.ScaleMode), (long)operation.Rounding));
        if (window is not null)
            WriteKernel(window);
        if (operation is ConvolutionOperation convolution)
            WriteStreams(convolution);
        Set(C.SetActivation,
            F.ClipRange.Write(F.ActivationFunction.Write(0, operation.Activation.Function), operation.Activation.ClipRange));
        Set(C.SetActivationMin, F.Limit, operation.Activation.Min);
        Set(C.SetActivationMax, F.Limit, operation.Activation.Max);
        WriteBlock(operation);
        if (elementwise is null && operation.OfmScale is { } scale)
            SetScale(C.SetOfmScale, scale);
        if (elementwise?.Ifm2 is { } ifm2)
            WriteSecondInput(elementwise, ifm2);
        Set(C.SetBlockdep, F.BlockDependency, operation.BlockDependency);
    }

    private void WriteScales(ElementwiseOperation operation)
    {
        if (operation.Mode is ElementwiseMode.Add or ElementwiseMode.Sub)
        {
            SetScale(C.SetOpaScale, operation.OperandScaling.A);
            Set(C.SetOpbScale, F.Multiplier16, operation.OperandScaling.B);
        }
        if (operation.OfmScale is { } scale)
            SetScale(C.SetOfmScale, scale);
    }

    private void SetScale(C register, FixedPointScale scale) =>
        Set(register, F.Shift.Write(F.Multiplier.Write(0, scale.Multiplier), scale.Shift));

    private void WriteMap(FeatureMapRegisters registers, AddressedFeatureMap map, Action? depth)
    {
        Set(registers.Region, F.Region, map.Region);
        for (int tile = 0; tile < 4; tile++)
            Set(registers.Bases[tile], F.Address, map.Tiles.Base(tile));
        Set(registers.Height0, F.Size, map.Tiles.Height0);
        Set(registers.Height1, F.Size, map.Tiles.Height1);
        Set(registers.Width0, F.Size, map.Tiles.Width0);
        depth?.Invoke();
        Set(registers.StrideC, F.Stride, map.StrideC);
        Set(registers.StrideY, F.Stride, map.StrideY);
        Set(registers.StrideX, F.Stride, map.StrideX);
    }

    private static ulong Precision(FeatureMapRegisters registers, AddressedFeatureMap map)
    {
        ulong value = F.Format.Write(F.ElementSign.Write(0, map.IsSigned ? 1 : 0), (long)map.Layout);
        return registers.ElementWidth.Write(value, int.Log2(map.ElementBytes));
    }

    private void WritePadding(NpuPadding padding)
    {
        Set(C.SetIfmPadTop, F.PadBefore, padding.Top);
        Set(C.SetIfmPadLeft, F.PadBefore, padding.Left);
        Set(C.SetIfmPadBottom, F.PadAfter, padding.Bottom);
        Set(C.SetIfmPadRight, F.PadAfter, padding.Right);
    }

    private void WriteKernel(WindowOperation operation)
    {
        NpuKernel kernel = operation.Kernel;
        Set(C.SetKernelHeightM1, F.Size, kernel.DilatedHeight);
        Set(C.SetKernelWidthM1, F.Size, kernel.DilatedWidth);
        ulong value = F.StrideXLow.Write(0, (kernel.StrideX - 1) & 1);
        value = F.StrideXHigh.Write(value, (kernel.StrideX - 1) >> 1);
        value = F.StrideYLow.Write(value, (kernel.StrideY - 1) & 1);
        value = F.StrideYHigh.Write(value, (kernel.StrideY - 1) >> 1);
        value = F.DilationX.Write(F.DilationY.Write(value, kernel.DilationY), kernel.DilationX);
        Set(C.SetKernelStride,
            F.WeightOrder.Write(value, operation is ConvolutionOperation convolution ? (long)convolution.WeightOrder : 0));
    }

    private void WriteStreams(ConvolutionOperation operation)
    {
        Set(C.SetWeightRegion, F.Region, operation.WeightRegion);
        WriteStreams(operation.Weights, C.SetWeightBase, C.SetWeight1Base, F.WeightLength);
        Set(C.SetScaleRegion, F.Region, operation.ScaleRegion);
        WriteStreams(operation.Scales, C.SetScaleBase, C.SetScale1Base, F.ScaleLength);
    }

    private void WriteStreams(ImmutableArray<StreamRange> streams, C first, C second, CommandField length)
    {
        for (int core = 0; core < streams.Length; core++)
        {
            C register = core == 0 ? first : second;
            Set(register, F.Address, streams[core].Address);
            Set(register + 1, length, streams[core].Length);
        }
    }

    private void WriteBlock(KernelOperation operation)
    {
        Set(C.SetOfmBlkHeightM1, F.BlockHeight, operation.Block.Height);
        Set(C.SetOfmBlkWidthM1, F.BlockWidth, operation.Block.Width);
        Set(C.SetOfmBlkDepthM1, F.BlockDepth, operation.Block.Depth);
        Set(C.SetIfmIbEnd, F.Bank, operation.SharedRam.IfmEnd);
        Set(C.SetAbStart, F.Bank, operation.SharedRam.AccumulatorStart);
        if (operation.SharedRam.Ifm2Start is { } start)
            Set(C.SetIfm2IbStart, F.Bank, start);
        Set(C.SetAccFormat, F.AccumulatorFormat, (long)operation.SharedRam.Accumulator);
    }

    private void WriteSecondInput(ElementwiseOperation operation, AddressedFeatureMap ifm2)
    {
        if (operation.Scalar is null)
            WriteMap(FeatureMapRegisters.Ifm2, ifm2, null);
        Set(C.SetIfm2ZeroPoint, F.ZeroPoint, ifm2.ZeroPoint);
        Set(C.SetIfm2Precision, Precision(FeatureMapRegisters.Ifm2, ifm2));
        ulong broadcast = F.BroadcastHeight.Write(0, operation.BroadcastHeight ? 1 : 0);
        broadcast = F.BroadcastWidth.Write(broadcast, operation.BroadcastWidth ? 1 : 0);
        broadcast = F.BroadcastDepth.Write(broadcast, operation.BroadcastDepth ? 1 : 0);
        broadcast = F.ReverseOperands.Write(broadcast, operation.ReverseOperands ? 1 : 0);
        Set(C.SetIfm2Broadcast, F.UseScalar.Write(broadcast, operation.Scalar is null ? 0 : 1));
        if (operation.Scalar is { } scalar)
            Set(C.SetIfm2Scalar, F.Scalar, scalar);
    }
}
