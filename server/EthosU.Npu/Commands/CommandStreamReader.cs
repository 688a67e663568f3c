using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Operations;
using C = EthosU.Npu.Commands.CommandCode;
using F = EthosU.Npu.Commands.CommandFields;

namespace EthosU.Npu.Commands;

/// <summary>
/// Follows the registers of a command stream and stops at each operation (npu-commands 7.9): what all generations do alike. What registers
/// say of an operation differs; the reader of each architecture knows that.
/// </summary>
/// <param name="stream">The commands.</param>
/// <param name="fileName">For errors.</param>
internal abstract class CommandStreamReader(CommandStream stream, string fileName)
{
    private readonly RegisterState registers = new();
    private int index;

    /// <summary>The field of a DMA wait.</summary>
    protected abstract CommandField DmaOutstanding { get; }

    /// <summary>The field of a kernel wait.</summary>
    protected abstract CommandField KernelOutstanding { get; }

    /// <summary>The operations of the stream up to its STOP.</summary>
    /// <exception cref="ModelFormatException">Registers hold what no operation can be done with, or STOP is missing.</exception>
    protected ImmutableArray<StreamOperation> Run()
    {
        var operations = ImmutableArray.CreateBuilder<StreamOperation>();
        int? dmaWait = null, kernelWait = null;
        for (index = 0; index < stream.Commands.Length; index++)
        {
            Command command = stream.Commands[index];
            switch (command.Code)
            {
                case C.OpStop:
                    return operations.ToImmutable();
                case C.OpDmaWait:
                    dmaWait = Math.Min(dmaWait ?? int.MaxValue, (int)command.Read(DmaOutstanding));
                    continue;
                case C.OpKernelWait:
                    kernelWait = Math.Min(kernelWait ?? int.MaxValue, (int)command.Read(KernelOutstanding));
                    continue;
                case C.OpIrq or C.OpPmuMask:
                    continue;
            }
            if (!command.Definition.IsOperation)
            {
                registers.Set(command);
                continue;
            }
            operations.Add(Operation(command) with { CommandIndex = index, DmaWait = dmaWait, KernelWait = kernelWait });
            dmaWait = kernelWait = null;
        }
        throw new ModelFormatException(fileName, "command stream", "it ends without NPU_OP_STOP");
    }

    /// <summary>The operation that a command starts, from the registers as they stand.</summary>
    protected abstract StreamOperation Operation(Command command);

    /// <summary>A feature map of the sizes given.</summary>
    protected abstract AddressedFeatureMap Map(FeatureMapRegisters map, int height, int width, int depth);

    /// <summary>An operation with what all kernels read.</summary>
    protected abstract KernelOperation WithCommon(KernelOperation operation);

    protected AddressedFeatureMap Ofm() =>
        Map(FeatureMapRegisters.Ofm, Size(C.SetOfmHeightM1), Size(C.SetOfmWidthM1), Size(C.SetOfmDepthM1));

    /// <summary>An operation with its padding, and the input that its windows reach.</summary>
    protected WindowOperation WithWindow(WindowOperation operation, int depth)
    {
        NpuPadding padding = new((int)Read(C.SetIfmPadTop, F.PadBefore), (int)Read(C.SetIfmPadLeft, F.PadBefore),
            (int)Read(C.SetIfmPadBottom, F.PadAfter), (int)Read(C.SetIfmPadRight, F.PadAfter));
        operation = ((WindowOperation)WithCommon(operation)) with { Padding = padding };
        int height = operation.VirtualHeight, width = operation.VirtualWidth;
        if (height <= 0 || width <= 0)
            throw Problem($"output size, kernel, stride and padding give an input of {height}x{width}");
        return operation.Upscale == NpuUpscale.None
            ? operation with { Ifm = Map(FeatureMapRegisters.Ifm, height, width, depth) }
            : operation with { Ifm = Map(FeatureMapRegisters.Ifm, (height + 1) / 2, (width + 1) / 2, depth) };
    }

    protected NpuKernel Kernel()
    {
        ulong stride = Read(C.SetKernelStride);
        if (F.Decomposition.Read(stride) != 0)
            throw Problem("kernel decomposition into 4x4 is not supported");
        int dilationX = (int)F.DilationX.Read(stride), dilationY = (int)F.DilationY.Read(stride);
        int height = Size(C.SetKernelHeightM1), width = Size(C.SetKernelWidthM1);
        return new((height - 1) / dilationY + 1, (width - 1) / dilationX + 1)
        {
            StrideX = (int)(F.StrideXLow.Read(stride) + 2 * F.StrideXHigh.Read(stride)) + 1,
            StrideY = (int)(F.StrideYLow.Read(stride) + 2 * F.StrideYHigh.Read(stride)) + 1,
            DilationX = dilationX,
            DilationY = dilationY,
        };
    }

    /// <summary>The type of a feature map's elements; null for 64 bits.</summary>
    protected static ElementType? NarrowType(long width, bool signed) => width switch
    {
        0 => signed ? ElementType.Int8 : ElementType.UInt8,
        1 => signed ? ElementType.Int16 : ElementType.UInt16,
        2 => signed ? ElementType.Int32 : ElementType.UInt32,
        _ => null,
    };

    protected ulong Read(C register) => registers[register];

    protected long Read(C register, CommandField field) => registers.Read(register, field);

    protected int Size(C register) => (int)Read(register, F.Size);

    protected int Typed(C register, bool signed) => signed ? (short)registers[register] : (ushort)registers[register];

    protected ModelFormatException Problem(string what) =>
        new(fileName, $"command stream, command {index} {stream.Commands[index].Definition.Name}", what);
}
