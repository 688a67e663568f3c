using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using C = EthosU.Npu.Commands.CommandCode;
using F = EthosU.Npu.Commands.CommandFields;

namespace EthosU.Npu.Architectures.EthosU55;

/// <summary>What the registers say of parts of an operation: feature maps, kernels, scales (npu-commands 7.9).</summary>
/// <param name="stream">The commands.</param>
/// <param name="fileName">For errors.</param>
internal abstract class RegisterReader(CommandStream stream, string fileName)
{
    private readonly RegisterState registers = new();

    /// <summary>The product that the stream is for.</summary>
    protected ProductFamily Family { get; } = ProductFamily.Of(stream.Product);

    /// <summary>The command that is read.</summary>
    protected int Index { get; set; }

    protected void Set(Command command) => registers.Set(command);

    protected ulong Read(C register) => registers[register];

    protected NpuActivation Activation(AddressedFeatureMap ofm)
    {
        int function = (int)Read(C.SetActivation, F.ActivationFunction), clip = (int)Read(C.SetActivation, F.ClipRange);
        if (function is not (0 or NpuActivation.Tanh or NpuActivation.Sigmoid or (>= 16 and < 24)))
            throw Problem($"activation function {function} is not known");
        if (clip is not (0 or 2 or 3 or 5) || (clip != 0 && function < 16))
            throw Problem($"clip range {clip} with activation function {function} is not known");
        bool signed = clip == 0 ? ofm.IsSigned : clip != 2;
        return new(function, Typed(C.SetActivationMin, signed), Typed(C.SetActivationMax, signed)) { ClipRange = clip };
    }

    protected NpuKernel Kernel()
    {
        ulong stride = registers[C.SetKernelStride];
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

    protected AddressedFeatureMap Ofm() =>
        Map(FeatureMapRegisters.Ofm, Size(C.SetOfmHeightM1), Size(C.SetOfmWidthM1), Size(C.SetOfmDepthM1));

    protected AddressedFeatureMap Map(FeatureMapRegisters map, int height, int width, int depth)
    {
        ulong precision = registers[map.Precision];
        bool signed = F.ElementSign.Read(precision) != 0;
        long format = F.Format.Read(precision), bits = map.ElementWidth.Read(precision);
        if (format > 1)
            throw Problem($"feature map format {format} is not known");
        RefuseCustomDma(map.Region);
        return new()
        {
            Region = (int)Read(map.Region, F.Region),
            Type = bits switch
            {
                0 => signed ? ElementType.Int8 : ElementType.UInt8,
                1 => signed ? ElementType.Int16 : ElementType.UInt16,
                2 => signed ? ElementType.Int32 : ElementType.UInt32,
                _ => throw Problem("elements of 64 bits are not supported"),
            },
            Layout = (FeatureMapLayout)format,
            Height = height,
            Width = width,
            Depth = depth,
            Tiles = new(Size(map.Width0), Size(map.Height0), Size(map.Height1),
                Address(map.Base0), Address(map.Base0 + 1), Address(map.Base0 + 2), Address(map.Base0 + 3)),
            StrideX = Stride(map.StrideX),
            StrideY = Stride(map.StrideY),
            StrideC = Stride(map.StrideC),
            ZeroPoint = Typed(map.ZeroPoint, signed),
        };
    }

    protected ImmutableArray<StreamRange> Streams(int cores, C first, C second, CommandField length)
    {
        StreamRange Of(C register) => new(Address(register), Read(register + 1, length));
        return cores == 1 ? [Of(first)] : [Of(first), Of(second)];
    }

    protected int Cores() => Family.HasSeveralCores ? (int)Read(C.SetParallelMode, F.Cores) : 1;

    protected NpuRounding Rounding(C precision)
    {
        long rounding = Read(precision, F.Rounding);
        return rounding <= 2 ? (NpuRounding)rounding : throw Problem($"rounding mode {rounding} is not known");
    }

    protected FixedPointScale Scale(C register) => new((uint)Read(register, F.Multiplier), (int)Read(register, F.Shift));

    protected long Read(C register, CommandField field) => registers.Read(register, field);

    protected int Size(C register) => (int)Read(register, F.Size);

    protected int Typed(C register, bool signed) => signed ? (short)registers[register] : (ushort)registers[register];

    protected long Address(C register) => Family.AddressBits > 32 ? Read(register, F.Address) : (long)(registers[register] & uint.MaxValue);

    protected long Stride(C register) => Family.AddressBits > 32 ? Read(register, F.Stride) : (int)registers[register];

    protected void RefuseCustomDma(C region)
    {
        if (Family.HasCustomDmaBit && Read(region, F.CustomDma) != 0)
            throw Problem("a custom DMA is not part of the accelerator");
    }

    protected ModelFormatException Problem(string what) =>
        new(fileName, $"command stream, command {Index} {stream.Commands[Index].Definition.Name}", what);
}
