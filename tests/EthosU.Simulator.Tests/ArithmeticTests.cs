using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Operations;
using Xunit;
using static EthosU.Simulator.Tests.TestProgram;

namespace EthosU.Simulator.Tests;

public sealed class ArithmeticTests
{
    [Fact]
    public void Function_table_has_the_sums_of_the_specification()
    {
        long sum = 0, weighted = 0;
        for (int k = 0; k < ActivationFunctions.Values.Length; k++)
        {
            sum += ActivationFunctions.Values[k];
            weighted += (k + 1L) * ActivationFunctions.Values[k];
        }
        Assert.Equal((15670629, 2123733574, 32768, 33451, 65535),
            (sum, weighted, ActivationFunctions.Values[0], ActivationFunctions.Values[1], ActivationFunctions.Values[255]));
    }

    [Fact]
    public void Functions_are_close_to_the_real_ones_and_saturate()
    {
        for (int r = -140_000; r <= 140_000; r += 7)
        {
            Assert.InRange(ActivationFunctions.Tanh(r), 32768 * Math.Tanh(r / 12288.0) - 8, 32768 * Math.Tanh(r / 12288.0) + 8);
            Assert.InRange(ActivationFunctions.Sigmoid(r), 32768 / (1 + Math.Exp(-r / 12288.0)) - 8,
                32768 / (1 + Math.Exp(-r / 12288.0)) + 8);
        }
        Assert.Equal((32767, -32767, 32767, 1),
            (ActivationFunctions.Tanh(long.MaxValue), ActivationFunctions.Tanh(long.MinValue), ActivationFunctions.Sigmoid(long.MaxValue),
                ActivationFunctions.Sigmoid(long.MinValue)));
    }

    /// <summary>The simulator has the hardware's own table; compiled networks equal the kernels only if both agree.</summary>
    [Fact]
    public void Functions_equal_those_of_the_kernels()
    {
        foreach (int r in (int[])[.. Enumerable.Range(-140_000, 280_001), int.MinValue, int.MinValue + 1, int.MaxValue])
        {
            Assert.Equal(WideSigmoid.Tanh(r), ActivationFunctions.Tanh(r));
            Assert.Equal(WideSigmoid.Logistic(r), ActivationFunctions.Sigmoid(r));
        }
    }

    /// <summary>The simulator's scaling is written from the hardware's description; it must be the kernels' multiplier.</summary>
    [Fact]
    public void Tfl_rounding_equals_the_kernels_multiplier()
    {
        Random random = new(3);
        for (int i = 0; i < 200_000; i++)
        {
            int value = (int)random.NextInt64(int.MinValue, int.MaxValue) >> random.Next(32);
            Multiplier multiplier = Multiplier.From(Math.ScaleB(random.NextDouble() + 0.5, -random.Next(1, 30)));
            if (multiplier.Shift <= 0)
                Assert.Equal(multiplier.Apply(value),
                    Scaling.Apply(value, new((uint)multiplier.Value, 31 - multiplier.Shift), NpuRounding.TfLite));
        }
    }

    [Fact]
    public void Tfl_rounding_equals_rounding_in_two_steps()
    {
        Random random = new(1);
        for (int i = 0; i < 200_000; i++)
        {
            int value = (int)random.NextInt64(int.MinValue, int.MaxValue), shift = random.Next(31, 62);
            uint multiplier = (uint)random.NextInt64(1, int.MaxValue);
            Assert.Equal(TwoSteps(value, (int)multiplier, shift - 31), Scaling.Apply(value, new(multiplier, shift), NpuRounding.TfLite));
        }
    }

    [Theory]
    [InlineData(NpuRounding.Natural)]
    [InlineData(NpuRounding.Truncate)]
    public void Rounding_is_that_of_the_exact_quotient(NpuRounding rounding)
    {
        Random random = new(2);
        for (int i = 0; i < 200_000; i++)
        {
            long value = random.NextInt64(-(1L << 40), 1L << 40) >> random.Next(40);
            int shift = random.Next(64);
            uint multiplier = (uint)random.NextInt64(0, 1L << 32);
            Int128 product = (Int128)value * multiplier, unit = Int128.One << shift;
            Int128 expected = rounding == NpuRounding.Truncate ? product / unit
                : shift == 0 ? product : FloorDivide(2 * product + unit, 2 * unit);
            Assert.Equal((long)Int128.Clamp(expected, long.MinValue, long.MaxValue),
                Scaling.Apply(value, new(multiplier, shift), rounding));
        }
    }

    [Fact]
    public void Padded_average_divides_by_the_count_and_rounds_halves_away_from_zero()
    {
        for (int count = 1; count <= 64; count++)
            for (int sum = -255 * count; sum <= 255 * count; sum += 1 + count / 8)
                Assert.Equal((long)Math.Round((decimal)sum / count, MidpointRounding.AwayFromZero),
                    Scaling.Apply(sum, PoolingKernel.Average(count), NpuRounding.TfLite));
    }

    [Theory]
    [InlineData(ElementType.Int8, FeatureMapLayout.Nhwc, FeatureMapLayout.Nhcwb16, 23)]
    [InlineData(ElementType.UInt8, FeatureMapLayout.Nhcwb16, FeatureMapLayout.Nhwc, 16)]
    [InlineData(ElementType.Int16, FeatureMapLayout.Nhcwb16, FeatureMapLayout.Nhcwb16, 40)]
    [InlineData(ElementType.UInt16, FeatureMapLayout.Nhwc, FeatureMapLayout.Nhcwb16, 5)]
    public void Copies_keep_every_element(ElementType type, FeatureMapLayout from, FeatureMapLayout to, int depth)
    {
        AddressedFeatureMap source = Map(5, 6, depth, 0, type, from), target = Map(5, 6, depth, 0x2000, type, to);
        NpuMemory memory = Memory();
        Assert.True(Run(memory, Copy(source, target)).Completed);
        AssertSame(memory, source, target, static (y, x) => (y, x));
    }

    [Fact]
    public void Rectangles_and_negative_strides_place_elements_as_specified()
    {
        AddressedFeatureMap source = Map(5, 6, 8, 0) with { Tiles = new(4, 3, 2, 0, 0x700, 0x800, 0x900) };
        AddressedFeatureMap target =
            Map(5, 6, 8, 0x2000) with { StrideX = -8, StrideY = -48, Tiles = FeatureMapTiles.Single(5, 6, 0x2000 + 5 * 48 - 8) };
        NpuMemory memory = Memory();
        Assert.Empty(Run(memory, Copy(source, target)).Violations);
        Assert.Equal(0x900 + 2 * 48 + 8 + 3, source.AddressOf(4, 5, 3));
        AssertSame(memory, source, Map(5, 6, 8, 0x2000), static (y, x) => (4 - y, 5 - x));
    }

    [Fact]
    public void Wide_results_saturate_and_ignore_multiplier_zero_point_and_limits()
    {
        AddressedFeatureMap a = Map(1, 1, 4, 0, ElementType.Int32), b = Map(1, 1, 4, 0x10, ElementType.Int32),
            to = Map(1, 1, 4, 0x100, ElementType.Int32) with { ZeroPoint = 99 };
        NpuMemory memory = Memory();
        memory.Write(1, 0, Words(int.MaxValue, int.MinValue, 1 << 20, -3));
        memory.Write(1, 0x10, Words(2, 3, 1 << 20, 5));
        Run(memory, Elementwise(ElementwiseMode.Mul, a, b, to) with { OfmScale = new(12345, 1) });
        Assert.Equal(Words(int.MaxValue, int.MinValue, int.MaxValue, -7), memory.Read(1, 0x100, 16));
    }

    [Theory]
    [InlineData(OperandScaleMode.OperandA, 40, -30)]
    [InlineData(OperandScaleMode.OperandB, 35, -60)]
    public void Sum_with_one_scaled_operand(OperandScaleMode mode, int first, int second)
    {
        AddressedFeatureMap a = Map(1, 1, 2, 0), b = Map(1, 1, 2, 0x10), to = Map(1, 1, 2, 0x100);
        NpuMemory memory = Memory();
        memory.Write(1, 0, [20, unchecked((byte)-60)]);
        memory.Write(1, 0x10, [30, 0]);
        // The operand that is not scaled counts 2^19, the scaled one is halved against it.
        Run(memory, Elementwise(ElementwiseMode.Add, a, b, to)
            with { OperandScaling = new(mode, new(1 << 18, 0), 0), OfmScale = new(1, 19) });
        Assert.Equal([(byte)first, (byte)second], memory.Read(1, 0x100, 2));
    }

    private static byte[] Words(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static void AssertSame(NpuMemory memory, AddressedFeatureMap source, AddressedFeatureMap target,
        Func<int, int, (int, int)> place)
    {
        for (int y = 0; y < source.Height; y++)
        {
            for (int x = 0; x < source.Width; x++)
            {
                (int ty, int tx) = place(y, x);
                for (int c = 0; c < source.Depth; c++)
                    Assert.Equal(memory.Read(1, (int)source.AddressOf(y, x, c), source.ElementBytes),
                        memory.Read(1, (int)target.AddressOf(ty, tx, c), source.ElementBytes));
            }
        }
    }

    private static long TwoSteps(int value, int multiplier, int shift)
    {
        long product = (long)value * multiplier, nudge = product >= 0 ? 1 << 30 : 1 - (1 << 30);
        long high = (product + nudge) / (1L << 31), mask = (1L << shift) - 1, remainder = high & mask;
        return (high >> shift) + (remainder > (mask >> 1) + (high < 0 ? 1 : 0) ? 1 : 0);
    }

    private static Int128 FloorDivide(Int128 a, Int128 b) => a >= 0 ? a / b : -((-a + b - 1) / b);
}
