using Xunit;

namespace EthosU.Arithmetic.Tests;

/// <summary>The functions of fixed point and the tables are near the real functions that they stand for.</summary>
public sealed class FunctionTests
{
    public static TheoryData<float, int> Inputs =>
        new MatrixTheoryData<float, int>([0.004f, 0.01f, 0.05f, 0.1f, 0.5f, 3f], [-128, -3, 0, 5, 127]);

    [Theory, MemberData(nameof(Inputs))]
    public void Sigmoids_of_8_bits(float scale, int zero)
    {
        NarrowSigmoid logistic = new(scale, tanh: false), tanh = new(scale, tanh: true);
        for (int q = -128; q < 128; q++)
        {
            double x = scale * (double)(q - zero);
            Assert.InRange(logistic.Apply(q - zero) - Math.Min(256 / (1 + Math.Exp(-x)), 255), -0.501, 0.501);
            Assert.InRange(tanh.Apply(q - zero) - Math.Min(128 + (128 * Math.Tanh(x)), 255), -0.501, 0.501);
        }
    }

    [Theory]
    [InlineData(0.0001f)]
    [InlineData(0.0003f)]
    [InlineData(1f / 4096)]
    [InlineData(1f / 2048)]
    public void Sigmoids_of_16_bits(float scale)
    {
        Func<int, int> logistic = WideSigmoid.At(WideSigmoid.InputFactor(scale, tanh: false), tanh: false);
        Func<int, int> tanh = WideSigmoid.At(WideSigmoid.InputFactor(scale, tanh: true), tanh: true);
        for (int q = -32768; q < 32768; q += 13)
        {
            Assert.InRange(logistic(q) - (32768 / (1 + Math.Exp(-q * (double)scale))), -12, 12);
            Assert.InRange(tanh(q) - (32768 * Math.Tanh(q * (double)scale)), -12, 12);
        }
    }

    [Theory]
    [InlineData(0, 1f)]
    [InlineData(-12, 1f / 4096)]
    [InlineData(-15, 1f / 32768)]
    public void The_states_factor_is_its_scale_in_steps(int power, float scale)
    {
        Assert.Equal(power, WideSigmoid.PowerOfState(scale));
        (int multiplier, int shift) = WideSigmoid.StateFactor(power);
        Assert.Equal(12288 * (double)scale, Math.ScaleB(multiplier, -shift));
    }

    [Fact]
    public void Logarithms_of_sums()
    {
        for (long x = 1 << 19; x <= int.MaxValue; x += 99_991)
            Assert.InRange(Logarithm.OfSum((int)x) - (Math.Log(x / (double)(1 << 19)) * (1 << 26)), -1 << 11, 1 << 11);
    }

    [Fact]
    public void Quotients()
    {
        Multiplier factor = Multiplier.From(3.7);
        for (int x = -255; x <= 255; x++)
            for (int y = -255; y <= 255; y++)
                if (y != 0)
                    Assert.InRange(Reciprocal.Divide(x, y, factor) - (3.7 * x / y), -0.75, 0.75);
        Assert.Equal(0, Reciprocal.Divide(100, 3, default));
    }

    [Theory, MemberData(nameof(Inputs))]
    public void Inverse_square_roots(float scale, int zero)
    {
        float result = 0.02f + (zero * 1e-4f);
        InverseSquareRoot function = new(scale, result);
        for (int x = 1; x < 256; x++)
            Assert.InRange(function.Apply(x) - (1 / (Math.Sqrt(x * (double)scale) * result)), -0.75, 0.75);
    }

    [Theory]
    [InlineData(0.01f, 0.01f)]
    [InlineData(0.05f, 0.04f)]
    [InlineData(0.1f, 0.09f)]
    [InlineData(0.2f, 0.15f)]
    public void Hard_swish(float input, float result)
    {
        HardSwish function = new(input, result);
        for (int x = -128; x < 128; x++)
        {
            double real = x * (double)input;
            Assert.InRange(function.Apply(x) - (real * Math.Clamp(real + 3, 0, 6) / 6 / result), -1, 1);
        }
        Assert.Throws<FactorException>(() => new HardSwish(1, 1f / 256));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.0)]
    [InlineData(-0.3)]
    public void Two_slopes(double slope)
    {
        TwoSlopes function = new(0.7, slope); // rounded twice
        for (int x = -255; x < 256; x++)
        {
            Assert.InRange(function.Apply(x) - (x >= 0 ? 0.7 * x : slope * x), -0.75, 0.75);
            Assert.InRange(function.Apply(x, -3) - (x >= 0 ? 0.7 * x : slope * x * -3), -0.75, 0.75);
        }
        Assert.Equal(-new TwoSlopes(1, 0.5).Apply(-1), new TwoSlopes(1, -0.5).Apply(-1));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.02)]
    [InlineData(0.5)]
    public void Exponentials_of_distances(double scale)
    {
        SoftmaxDistances distances = new(scale);
        for (int distance = Math.Max(distances.Least, -255); distance <= 0; distance++)
        {
            Assert.InRange(distances.Scaled(distance) - (distance * scale * (1 << 26)), -1, 1);
            Assert.InRange(distances.Exp(distance) - (Math.Exp(distance * scale) * (1L << 31)), -1500, 1500);
            Assert.InRange(SoftmaxDistances.Term(distances.Exp(distance)) - (Math.Exp(distance * scale) * (1 << 19)), -1, 1);
            Assert.InRange(distances.Inverse.Apply(distances.Scaled(distance)) - distance, -1, 1);
        }
    }

    [Fact]
    public void Tables_of_8_bits_saturate_and_give_the_zero_point_for_NaN()
    {
        int[] table = RealTable.Narrow(
            new(0.1f, -128), sbyte.MinValue, new(0.05f, 3), sbyte.MinValue, sbyte.MaxValue, x => x > 20 ? float.NaN : x - 2);
        Assert.Equal([-37, -35, 127, 127, 3, 3], new[] { 0, 1, 100, 199, 201, 255 }.Select(i => table[i]));
    }

    [Fact]
    public void Tables_of_16_bits_interpolate_the_function()
    {
        for (int q = -32768; q < 32768; q += 97)
            Assert.InRange(RealTable.LookUp(WideSoftmax.Exp, (short)q) - (Math.Exp(10.0 / 65535 * (q - 32767)) * 65535 / 2), -6, 6);
    }

    [Fact]
    public void Stored_values_round_halves_away_from_zero_and_saturate()
    {
        AffineQuantization quantization = new(0.5f, 10);
        float[] values = [0.2f, 0.25f, -0.25f, 1e9f, float.NegativeInfinity, float.NaN];
        Assert.Equal([10, 11, 9, 127, -128, 10], values.Select(v => (int)quantization.Store(v, -128, 127)));
        Assert.Equal((22, -500, 1_000_000_010),
            (quantization.Bound(6), quantization.Bound(-255), quantization.Bound(float.PositiveInfinity)));
        Assert.Equal(-1.5f, quantization.Real(7));
    }

    [Fact]
    public void Operands_come_to_twice_the_larger_scale()
    {
        Assert.Equal(new OperandFactors(20, 0.25, 0.5, 2.0 / (1 << 20)), OperandFactors.OfSum(0.5f, 1, 1, wide: false));
        Assert.Equal(new OperandFactors(15, 0.5, 0.125, 1.0 / (1 << 15)), OperandFactors.OfSum(2, 0.5f, 4, wide: true));
        Assert.Equal(new OperandFactors(7, 0.5, 0.25, 4.0 / (1 << 14)), OperandFactors.OfSquaredDifference(1, 0.5f, 1, wide: false));
        Assert.Equal(new OperandFactors(0, 0.5, 0.5, 2), OperandFactors.OfSquaredDifference(1, 1, 2, wide: true));
    }
}
