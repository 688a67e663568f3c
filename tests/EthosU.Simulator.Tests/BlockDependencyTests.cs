using EthosU.Npu.Architectures.EthosU55;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using Xunit;
using static EthosU.Simulator.Tests.TestProgram;

namespace EthosU.Simulator.Tests;

/// <summary>
/// The largest safe block dependency of pairs of kernels, worked out by hand: the first one copies in blocks of 4×4×16, and job f of the
/// second may run beside the g-th last block of the first whenever f + g is less than the value. Each smaller value is safe, each larger
/// one is not.
/// </summary>
public sealed class BlockDependencyTests
{
    /// <summary>
    /// A window of blocks of four outputs over a line that the first kernel writes, along the width and along the height.
    /// </summary>
    [Theory]
    [InlineData(96, 1, 1, 1, 3)] // reads columns 0 to 3 of 24 blocks
    [InlineData(96, 64, 1, 1, 3)] // job 2 reads up to column 75, the third last block begins at 84
    [InlineData(96, 96, 1, 1, 0)] // a kernel of more than 64 columns reads all of them
    [InlineData(96, 88, 1, 1, 1)] // job 0 reads up to column 90: the second last block
    [InlineData(96, 48, 1, 2, 0)] // the dilated kernel's last tap lies at 94
    [InlineData(96, 33, 1, 2, 3)] // and here at 64
    [InlineData(24, 2, 3, 1, 1)] // job 1 reads columns 12 to 22 of 6 blocks
    [InlineData(12, 2, 3, 1, 0)]
    [InlineData(12, 1, 1, 1, 2)] // three blocks: job f reads the (2 − f)th last
    [InlineData(8, 1, 1, 1, 1)]
    [InlineData(4, 1, 1, 1, 0)]
    public void Windows(int size, int taps, int stride, int dilation, int safe)
    {
        int results = ((size - ((taps - 1) * dilation) - 1) / stride) + 1;
        Expect(safe, Copy(Map(1, size, 16, 0), Map(1, size, 16, 0x1000)),
            Pool(Map(1, size, 16, 0x1000), Map(1, results, 16, 0x2000), new(1, taps, 1, stride, 1, dilation)));
        Expect(safe, Copy(Map(size, 1, 16, 0), Map(size, 1, 16, 0x1000)),
            Pool(Map(size, 1, 16, 0x1000), Map(results, 1, 16, 0x2000), new(taps, 1, stride, 1, dilation, 1)));
    }

    /// <summary>Padding moves what a job reads of three blocks, upscaling halves it.</summary>
    [Theory]
    [InlineData(9, 0, false, 0)] // job 0 reads columns 0 to 11
    [InlineData(9, 4, false, 1)] // columns 0 to 7
    [InlineData(1, 0, true, 2)] // columns 0 and 1
    [InlineData(5, 0, true, 2)] // job 1 reads columns 2 to 5
    [InlineData(17, 0, true, 0)] // job 0 reads columns 0 to 9
    public void Padding_and_upscaling(int taps, int padding, bool upscale, int safe)
    {
        int scale = upscale ? 2 : 1, results = (12 * scale) + (2 * padding) - taps + 1;
        Expect(safe, Copy(Map(1, 12, 16, 0), Map(1, 12, 16, 0x1000)),
            Pool(Map(1, 12, 16, 0x1000), Map(scale, results, 16, 0x2000), new(1, taps)) with
        {
            Padding = new(0, padding, 0, padding),
            Upscale = upscale ? NpuUpscale.Nearest : NpuUpscale.None,
        });
    }

    /// <summary>Pooling reads the channels that it writes; a sum over channels takes 32 bytes of them at a time.</summary>
    [Fact]
    public void Channels()
    {
        PoolingOperation copy = Copy(Map(1, 1, 64, 0), Map(1, 1, 64, 0x1000));
        Expect(3, copy, Pool(Map(1, 1, 64, 0x1000), Map(1, 1, 64, 0x2000), NpuKernel.Unit));
        Expect(1, copy, Pool(Map(1, 1, 64, 0x1000), Map(1, 1, 1, 0x2000), NpuKernel.Unit) with { Mode = PoolingMode.ReduceSum });
    }

    /// <summary>An elementwise operation in blocks of 2×2×16, whose first or second input the first kernel writes.</summary>
    [Theory]
    [InlineData(4, 4, true, 4, 4, 0)]
    [InlineData(4, 4, false, 4, 4, 0)]
    [InlineData(16, 4, true, 16, 4, 3)]
    [InlineData(16, 4, false, 16, 4, 3)]
    [InlineData(8, 4, false, 8, 4, 1)] // job 0 reads the first of two blocks
    [InlineData(1, 12, false, 12, 12, 2)] // repeated over the rows: job 2 reads columns 4 and 5
    [InlineData(12, 1, false, 12, 12, 2)] // repeated over the columns: all first jobs read the first of three blocks
    [InlineData(1, 1, false, 12, 12, 0)]
    public void Elementwise_inputs(int height, int width, bool first, int resultHeight, int resultWidth, int safe)
    {
        AddressedFeatureMap made = Map(height, width, 16, 0x1000), other = Map(resultHeight, resultWidth, 16, 0x2000),
            result = Map(resultHeight, resultWidth, 16, 0x3000);
        Expect(safe, Copy(Map(height, width, 16, 0), made),
            Elementwise(ElementwiseMode.Mul, first ? made : other, first ? other : made, result) with
        {
            BroadcastHeight = !first && height < resultHeight,
            BroadcastWidth = !first && width < resultWidth,
        });
    }

    /// <summary>Only the same bytes count: the other half of interleaved rows is free.</summary>
    [Fact]
    public void Bytes_between_each_other_are_no_dependency()
    {
        AddressedFeatureMap left = Map(4, 4, 16, 0x1000) with { StrideX = 32, StrideY = 128 },
            right = left with { Tiles = FeatureMapTiles.Single(4, 4, 0x1010) };
        Expect(3, Copy(Map(4, 4, 16, 0), left), Copy(right, Map(4, 4, 16, 0x2000)));
        Expect(0, Copy(Map(4, 4, 16, 0), left), Copy(left, Map(4, 4, 16, 0x2000)));
    }

    /// <summary>Without banks of its own the table's place belongs to the next kernel.</summary>
    [Theory]
    [InlineData(64, 16, 0)]
    [InlineData(128, 24, 3)]
    public void Lookup_tables(int macs, int kilobytes, int safe) => Expect(safe,
        Copy(Map(4, 4, 16, 0), Map(4, 4, 16, 0x1000)) with { Activation = NpuActivation.Lookup(1, -128, 127) },
        Copy(Map(4, 4, 16, 0x2000), Map(4, 4, 16, 0x3000)), HardwareConfig.Of(NpuProduct.U55, macs, kilobytes));

    private static PoolingOperation Pool(AddressedFeatureMap from, AddressedFeatureMap to, NpuKernel kernel) =>
        Copy(from, to) with { Mode = PoolingMode.Max, Kernel = kernel };

    private static void Expect(int safe, KernelOperation first, KernelOperation second, HardwareConfig? hardware = null)
    {
        for (int value = 0; value <= 3; value++)
        {
            CommandWriter writer = new(hardware ?? U55);
            writer.Add(first);
            writer.Add(second with { BlockDependency = value });
            SimulationResult result = NpuSimulator.Run(new(DriverPayload.Create(hardware ?? U55, writer.Finish()), "test"), Memory());
            Violation[] found = [.. result.Violations.Where(static violation => violation.Rule == ViolationRules.BlockDependency)];
            Assert.True(found.Length == (value > safe ? 1 : 0), $"with {value}: {string.Join("; ", found)}");
        }
    }
}
