using EthosU.Graphs;
using EthosU.Npu.Architectures.EthosU55;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator.Tests;

/// <summary>Small streams for the Ethos-U55-128, and memory to run them on.</summary>
internal static class TestProgram
{
    public const int ArenaSize = 0x4000, FlashSize = 0x1000;

    public static readonly HardwareConfig U55 = HardwareConfig.Of(NpuProduct.U55, 128, 24);

    /// <summary>A dense map in the arena.</summary>
    public static AddressedFeatureMap Map(int height, int width, int depth, long address, ElementType type = ElementType.Int8,
        FeatureMapLayout layout = FeatureMapLayout.Nhwc)
    {
        int bytes = type.ByteSize(), bricks = (depth + 15) / 16 * 16;
        bool linear = layout == FeatureMapLayout.Nhwc;
        return new()
        {
            Region = 1,
            Type = type,
            Layout = layout,
            Height = height,
            Width = width,
            Depth = depth,
            Tiles = FeatureMapTiles.Single(height, width, address),
            StrideC = linear ? bytes : width * 16 * bytes,
            StrideX = linear ? depth * bytes : 16 * bytes,
            StrideY = linear ? width * depth * bytes : width * bricks * bytes,
        };
    }

    /// <summary>A copy: a 1×1 average pooling with scale 1.</summary>
    public static PoolingOperation Copy(AddressedFeatureMap from, AddressedFeatureMap to)
    {
        (int min, int max) = to.ElementBytes == 1 ? (to.IsSigned ? (-128, 127) : (0, 255)) : (to.IsSigned ? (-32768, 32767) : (0, 65535));
        return new()
        {
            Mode = PoolingMode.Average,
            Ifm = from,
            Ofm = to,
            Kernel = new(1, 1),
            ScaleMode = OfmScaleMode.Global,
            OfmScale = FixedPointScale.One,
            Rounding = NpuRounding.Natural,
            Activation = NpuActivation.Clamp(min, max),
            Block = new(4, 4, 16),
            SharedRam = new(6, 14, AccumulatorFormat.Int32),
        };
    }

    /// <summary>An elementwise operation of two maps.</summary>
    public static ElementwiseOperation Elementwise(ElementwiseMode mode, AddressedFeatureMap a, AddressedFeatureMap? b,
        AddressedFeatureMap to) => new()
    {
        Mode = mode,
        Ifm = a,
        Ifm2 = b,
        Ofm = to,
        ScaleMode = OfmScaleMode.Global,
        OfmScale = FixedPointScale.One,
        Rounding = NpuRounding.Natural,
        OperandScaling = mode is ElementwiseMode.Add or ElementwiseMode.Sub ? new(OperandScaleMode.Both, FixedPointScale.One, 1) : default,
        Activation = to.ElementBytes == 1 ? NpuActivation.Clamp(-128, 127) : NpuActivation.Clamp(-32768, 32767),
        Block = new(2, 2, 16),
        SharedRam = new(22, 22, AccumulatorFormat.Int32) { Ifm2Start = b is null ? null : 12 },
    };

    /// <summary>A transfer from flash to the arena.</summary>
    public static DmaOperation Transfer(long from, long to, long length) =>
        new() { Source = new(0, from), Destination = new(1, to), Length = length };

    /// <summary>Flash of counting bytes, and an arena that is written as far as asked.</summary>
    public static NpuMemory Memory(int written = ArenaSize)
    {
        NpuMemory memory = new();
        memory.SetReadOnly(0, Bytes(FlashSize));
        memory.SetScratch(1, ArenaSize);
        memory.Write(1, 0, Bytes(written));
        return memory;
    }

    public static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(static i => (byte)(i * 37 + i / 256 * 11))];

    public static DriverPayload Payload(params ReadOnlySpan<StreamOperation> operations)
    {
        CommandWriter writer = new(U55);
        foreach (StreamOperation operation in operations)
            writer.Add(operation);
        return DriverPayload.Create(U55, writer.Finish());
    }

    public static SimulationResult Run(NpuMemory memory, params ReadOnlySpan<StreamOperation> operations) =>
        NpuSimulator.Run(new(Payload(operations), "test"), memory);
}
