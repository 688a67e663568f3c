using System.Collections.Immutable;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using C = EthosU.Npu.Commands.CommandCode;
using F = EthosU.Npu.Commands.CommandFields;

namespace EthosU.Npu.Architectures.EthosU55;

/// <summary>What the registers say of parts of an operation: feature maps, kernels, scales (npu-commands 7.9).</summary>
/// <param name="stream">The commands.</param>
/// <param name="fileName">For errors.</param>
internal abstract class RegisterReader(CommandStream stream, string fileName) : CommandStreamReader(stream, fileName)
{
    /// <summary>The product that the stream is for.</summary>
    protected ProductFamily Family { get; } = ProductFamily.Of(stream.Product);

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

    /// <inheritdoc/>
    protected override AddressedFeatureMap Map(FeatureMapRegisters map, int height, int width, int depth)
    {
        ulong precision = Read(map.Precision);
        bool signed = F.ElementSign.Read(precision) != 0;
        long format = F.Format.Read(precision), bits = map.ElementWidth.Read(precision);
        if (format > 1)
            throw Problem($"feature map format {format} is not known");
        RefuseCustomDma(map.Region);
        return new()
        {
            Region = (int)Read(map.Region, F.Region),
            Type = NarrowType(bits, signed) ?? throw Problem("elements of 64 bits are not supported"),
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

    protected long Address(C register) => Family.AddressBits > 32 ? Read(register, F.Address) : (long)(Read(register) & uint.MaxValue);

    protected long Stride(C register) => Family.AddressBits > 32 ? Read(register, F.Stride) : (int)Read(register);

    protected void RefuseCustomDma(C region)
    {
        if (Family.HasCustomDmaBit && Read(region, F.CustomDma) != 0)
            throw Problem("a custom DMA is not part of the accelerator");
    }
}
