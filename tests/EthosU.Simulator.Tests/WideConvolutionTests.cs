using EthosU.Graphs;
using EthosU.Npu.Operations;
using Xunit;
using static EthosU.Simulator.Tests.TestProgram;

namespace EthosU.Simulator.Tests;

/// <summary>Convolutions of 16-bit elements with zero points, which no compiler emits: they take the path of full width.</summary>
public sealed class WideConvolutionTests
{
    private const int Depth = 16, Outputs = 8;

    [Theory]
    [InlineData(ElementType.Int16, 0, false)]
    [InlineData(ElementType.Int16, -700, false)]
    [InlineData(ElementType.UInt16, 40000, false)]
    [InlineData(ElementType.Int16, 0, true)]
    [InlineData(ElementType.Int16, 123, true)]
    public void Sums_are_exact(ElementType type, int zeroPoint, bool isDepthwise)
    {
        Random random = new(3);
        int outputs = isDepthwise ? Depth : Outputs;
        var weights = new int[outputs, isDepthwise ? 1 : Depth];
        for (int o = 0; o < outputs; o++)
            for (int i = 0; i < weights.GetLength(1); i++)
                weights[o, i] = random.Next(-255, 256);
        byte[] stream = RawWeightStream.Encode(isDepthwise ? Depthwise(weights) : DepthFirst(weights)), flash = new byte[FlashSize];
        stream.CopyTo(flash, 0);
        for (int o = 0; o < outputs; o++)
            flash[0x800 + 10 * o + 5] = 1;
        NpuMemory memory = Memory();
        memory.SetReadOnly(0, flash);
        AddressedFeatureMap ifm = Map(3, 5, Depth, 0, type) with { ZeroPoint = zeroPoint },
            ofm = Map(3, 5, outputs, 0x2000, ElementType.Int32);
        ConvolutionOperation operation = new()
        {
            IsDepthwise = isDepthwise,
            Ifm = ifm,
            Ofm = ofm,
            Kernel = new(1, 1),
            Activation = NpuActivation.Clamp(0, 0),
            Rounding = NpuRounding.Natural,
            Block = new(4, 4, 16),
            SharedRam = new(6, 10, AccumulatorFormat.Int40),
            WeightRegion = 0,
            Weights = [new(0, stream.Length)],
            ScaleRegion = 0,
            Scales = [new(0x800, 160)],
        };
        SimulationResult result = Run(memory, operation);
        Assert.True(result.Completed, string.Join(", ", result.Violations));
        byte[] input = memory.Read(1, 0, 3 * 5 * Depth * 2);
        for (int p = 0; p < 15; p++)
        {
            for (int o = 0; o < outputs; o++)
            {
                long expected = 0;
                for (int i = 0; i < weights.GetLength(1); i++)
                {
                    int place = 2 * (p * Depth + (isDepthwise ? o : i));
                    int value = type == ElementType.Int16 ? BitConverter.ToInt16(input, place) : BitConverter.ToUInt16(input, place);
                    expected += (long)(value - zeroPoint) * weights[o, i];
                }
                Assert.Equal(expected, BitConverter.ToInt32(memory.Read(1, 0x2000 + 4 * (p * outputs + o), 4)));
            }
        }
    }

    private static IEnumerable<int> DepthFirst(int[,] weights)
    {
        for (int i = 0; i < Depth; i += 8)
            for (int o = 0; o < Outputs; o++)
                for (int lane = 0; lane < 8; lane++)
                    yield return weights[o, i + lane];
    }

    // Of the four taps of a unit the first is the kernel's only one.
    private static IEnumerable<int> Depthwise(int[,] weights)
    {
        for (int o = 0; o < Depth; o += 8)
            for (int tap = 0; tap < 4; tap++)
                for (int lane = 0; lane < 8; lane++)
                    yield return tap == 0 ? weights[o + lane, 0] : 0;
    }
}
