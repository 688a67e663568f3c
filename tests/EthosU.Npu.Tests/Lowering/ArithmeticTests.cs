using EthosU.Graphs;
using EthosU.Npu.Lowering;
using EthosU.Npu.Operations;
using Xunit;

namespace EthosU.Npu.Tests.Lowering;

public sealed class ArithmeticTests
{
    [Theory]
    [InlineData(1.0, 1u << 30, 30)]
    [InlineData(0.5, 1u << 30, 31)]
    [InlineData(0.75, 0x60000000u, 31)]
    [InlineData(3.0, 0x60000000u, 29)]
    [InlineData(0.0, 0u, 31)]
    public void A_factor_has_a_multiplier_and_a_shift(double factor, uint multiplier, int shift) =>
        Assert.Equal(new FixedPointScale(multiplier, shift), FixedPointScale.From(factor));

    /// <summary>2³¹ is no number of 31 bits: the kernels take 2³⁰ and a shift less, and reduce that.</summary>
    [Fact]
    public void A_factor_that_rounds_up_to_a_power_of_two_reduces_as_in_the_kernels() =>
        Assert.Equal(new FixedPointScale(1 << 14, 14), FixedPointScale.From(Math.BitDecrement(1.0)).Reduced());

    [Fact]
    public void The_mean_of_one_is_the_element_itself() => Assert.Equal(new FixedPointScale(0x80000001, 31), FixedPointScale.Mean(1));

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(49)]
    [InlineData(256)]
    [InlineData(65535)]
    public void Means_round_halves_away_from_zero(int count)
    {
        FixedPointScale scale = FixedPointScale.Mean(count);
        Random random = new(count);
        for (int i = 0; i < 2000; i++)
        {
            long sum = random.NextInt64(-128L * count, (127L * count) + 1);
            long expected = sum > 0 ? (sum + (count / 2)) / count : (sum - (count / 2)) / count;
            long actual = (long)((((Int128)sum * scale.Multiplier) + (Int128.One << (scale.Shift - 1))) >> scale.Shift);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Sums_of_equal_scales_take_16_bit_factors_only_where_that_is_exact()
    {
        (OperandScaling equal, _) = ElementwiseLowering.SumScales(0.5f, 0.5f, 0.25f, ElementType.Int8);
        Assert.Equal((OperandScaleMode.Both, 1 << 15), (equal.Mode, equal.B));
        (OperandScaling inexact, _) = ElementwiseLowering.SumScales(0.1f, 0.1f, 0.3f, ElementType.Int8);
        Assert.Equal(OperandScaleMode.OperandB, inexact.Mode);
        (OperandScaling first, _) = ElementwiseLowering.SumScales(0.1f, 0.2f, 0.3f, ElementType.Int8);
        Assert.Equal(OperandScaleMode.OperandA, first.Mode);
    }

    [Fact]
    public void Tables_of_the_logistic_function_equal_the_rounded_function()
    {
        foreach (float scale in new[] { 0.01f, 0.05f, 0.1f, 0.5f })
        {
            Tensor x = new("x", ElementType.Int8, [1], Quantization.PerTensor(scale, 3)),
                y = new("y", ElementType.Int8, [1], Quantization.PerTensor(1f / 256, -128));
            ReadOnlySpan<byte> table = Tables.Logistic(x, y).Bytes.Span;
            for (int q = -128; q < 128; q++)
                Assert.Equal(Math.Clamp(Math.Round(256 / (1 + Math.Exp(-scale * (q - 3))), MidpointRounding.AwayFromZero) - 128, -128, 127),
                    (sbyte)table[q + 128]);
        }
    }

    [Fact]
    public void Wide_tables_interpolate_the_function()
    {
        Tensor x = new("x", ElementType.Int16, [1], Quantization.PerTensor(10f / 65535, 32767));
        Tensor y = new("y", ElementType.Int16, [1], Quantization.PerTensor(2f / 65535, 0));
        LookupTable table = Tables.Of16(x, y, MathF.Exp);
        ReadOnlySpan<short> words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(table.Bytes.Span);
        for (int q = -32768; q < 32768; q += 97)
        {
            int i = (q + 32768) >> 7, value = words[2 * i] + (((words[(2 * i) + 1] * (q & 127)) + 64) >> 7);
            Assert.InRange(value - (Math.Exp(10.0 / 65535 * (q - 32767)) * 65535 / 2), -6, 6);
        }
    }

    [Fact]
    public void A_folded_filter_has_its_columns_as_channels()
    {
        Filter filter = new([1, 2, 3, 4, 5], 1, 1, 5, 1);
        Filter folded = filter.Folded(2, 1);
        Assert.Equal((3, 2), (folded.Width, folded.Input));
        Assert.Equal([0, 1, 2, 3, 4, 5], folded.Values);
        Assert.Equal([1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0, 5], filter.Dilated(1, 3).Values);
        Assert.Equal([5, 4, 3, 2, 1], filter.Rotated().Values);
    }
}
