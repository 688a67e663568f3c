using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using C = EthosU.Npu.Commands.CommandCode;
using F = EthosU.Npu.Commands.CommandFields;
using G = EthosU.Npu.Commands.EthosU85Fields;

namespace EthosU.Npu.Architectures.EthosU85;

/// <summary>What the registers say of parts of an operation: feature maps, kernels, scales (npu-u85 3.2 and 3.3).</summary>
/// <param name="stream">The commands.</param>
/// <param name="engine">The accelerator's engine.</param>
/// <param name="fileName">For errors.</param>
internal abstract class RegisterReader(CommandStream stream, EngineFacts engine, string fileName) : CommandStreamReader(stream, fileName)
{
    /// <summary>The accelerator's engine.</summary>
    protected EngineFacts Engine { get; } = engine;

    protected long Address(C register) => Read(register, F.Address);

    /// <summary>An input of an elementwise operation: of the output's sizes but where it repeats.</summary>
    protected AddressedFeatureMap Operand(FeatureMapRegisters map, C broadcast, AddressedFeatureMap ofm)
    {
        if (Read(broadcast, G.UseScalar) != 0)
            return Map(map, 1, 1, 1);
        return Map(map, Read(broadcast, G.BroadcastHeight) != 0 ? 1 : ofm.Height, Read(broadcast, G.BroadcastWidth) != 0 ? 1 : ofm.Width,
            Read(broadcast, G.BroadcastDepth) != 0 ? 1 : ofm.Depth);
    }

    /// <inheritdoc/>
    protected override AddressedFeatureMap Map(FeatureMapRegisters map, int height, int width, int depth)
    {
        long format = Read(map.Precision, F.Format), storage = Read(map.Precision, G.Storage);
        bool signed = Read(map.Precision, F.ElementSign) != 0;
        if (format > 1)
            throw Problem($"feature map format {format} is not known");
        if (storage == 1)
            throw Problem("three tiles in a column are not supported");
        ElementType type = NarrowType(Read(map.Precision, map.ElementWidth), signed) ?? (signed ? ElementType.Int64 : ElementType.UInt64);
        int region = (int)Read(map.Region, F.Region), zeroPoint = Typed(map.ZeroPoint, signed);
        if (storage != 0)
            return new()
            {
                Region = 0,
                ChainBuffer = storage == 2 ? region : null,
                Type = type,
                Layout = (FeatureMapLayout)format,
                Height = height,
                Width = width,
                Depth = depth,
                Tiles = FeatureMapTiles.Single(height, width, 0),
                StrideX = 0,
                StrideY = 0,
                StrideC = 0,
                ZeroPoint = zeroPoint,
            };
        return new()
        {
            Region = region,
            Type = type,
            Layout = (FeatureMapLayout)format,
            Height = height,
            Width = width,
            Depth = depth,
            Tiles = new(Size(map.Width0), Size(map.Height0), Size(map.Height1),
                Address(map.Base0), Address(map.Base0 + 1), Address(map.Base0 + 2), Address(map.Base0 + 3)),
            StrideX = Read(map.StrideX, F.Stride),
            StrideY = Read(map.StrideY, F.Stride),
            StrideC = Read(map.StrideC, F.Stride),
            ZeroPoint = zeroPoint,
        };
    }

    protected NpuActivation Activation(AddressedFeatureMap ofm)
    {
        TableKind kind = (TableKind)Read(C.SetActivation, G.TableKind);
        if (!Enum.IsDefined(kind))
            throw Problem($"table type {(int)kind} is not known");
        TypedTable table = new(kind, (int)Read(C.SetActivation, G.TableNumber));
        if (table.Address + table.Bytes > Accelerator.LutBytes)
            throw Problem($"there is no table {table.Number} of {table.Bytes} bytes");
        bool signed = table.IsUsed ? kind != TableKind.UInt8ToUInt8 : ofm.IsSigned;
        return NpuActivation.Clamp(Typed(C.SetActivationMin, signed), Typed(C.SetActivationMax, signed)) with
        {
            TypedTable = table,
            IsUnlimited = Read(C.SetActivation, G.NoClip) != 0,
        };
    }

    protected BlockShape MicroBlock()
    {
        (int height, int width) = Read(C.SetAccFormat, G.MicroBlock) switch
        {
            0 => (1, 1),
            1 => (1, 2),
            2 => (1, 4),
            3 => (2, 2),
            4 => (2, 4),
            5 => (4, 4),
            var code => throw Problem($"micro-block {code} is not known"),
        };
        return Engine.MicroBlock(height, width) ?? throw Problem($"the accelerator has no micro-block of {height}x{width}");
    }

    protected AccumulatorUse Accumulators()
    {
        long format = Read(C.SetAccFormat, G.AccumulatorFormat), start = Read(C.SetAccFormat, G.AccumulatorStart);
        if (format > 1 || start > 2)
            throw Problem($"accumulators of format {format} that begin with {start} are not known");
        return new(format == 1, (AccumulatorStart)start, Read(C.SetAccFormat, G.NoOutput) != 0);
    }

    protected OutputOrder Order()
    {
        OutputTranspose transpose = (OutputTranspose)Read(C.SetOfmPrecision, G.Transpose);
        OutputReverse reverse = (OutputReverse)Read(C.SetOfmPrecision, G.Reverse);
        if (!Enum.IsDefined(transpose))
            throw Problem($"transpose {(int)transpose} is not known");
        return new(transpose, reverse);
    }

    protected InputScale InputScale(C register) => new(
        new((uint)Read(register, G.Multiplier), (int)Read(register, F.Shift)),
        Read(register, G.IfmRounding) == 0 ? NpuRounding.TfLite : NpuRounding.Natural, (int)Read(register, G.DoubleRound));

    protected FixedPointScale OfmScale()
    {
        if (Read(C.SetOfmScale, G.DoubleRound) != 0)
            throw Problem("an output scale with an earlier first rounding is not known");
        return new((uint)Read(C.SetOfmScale, G.Multiplier), (int)Read(C.SetOfmScale, F.Shift));
    }

    protected NpuRounding OfmRounding() => Read(C.SetOfmScale, G.OfmRounding) switch
    {
        0 => NpuRounding.TfLite,
        1 => NpuRounding.Natural,
        3 => NpuRounding.Symmetric,
        4 => NpuRounding.Truncate,
        5 => NpuRounding.Lower,
        var mode => throw Problem($"rounding mode {mode} is not supported"),
    };

    protected ImmutableArray<StreamRange> WeightStreams(WeightForm form)
    {
        C[] bases = [C.SetWeightBase, C.SetWeight1Base, EthosU85Codes.SetWeight2Base, C.SetWeight3Base];
        return [.. bases[..(form.IsFast ? 1 : Engine.Decoders)]
            .Select(register => new StreamRange(Address(register), Read(register + 1, F.WeightLength)))];
    }

    protected ResizeAxis Axis(C numerator, C step, C offset)
    {
        int parts = (int)Read(numerator, G.ResizeNumerator);
        return new(parts, (Read(step, G.StepWhole) * parts) + Read(step, G.StepRemainder), (int)Read(offset, G.ResizeOffset),
            (Read(step, G.BlockStepWhole) * parts) + Read(step, G.BlockStepRemainder));
    }
}
