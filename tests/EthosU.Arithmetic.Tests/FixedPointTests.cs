using Xunit;

namespace EthosU.Arithmetic.Tests;

/// <summary>The check values of tflite-kernels 6.</summary>
public sealed class FixedPointTests
{
    [Theory]
    [InlineData(0.1, 1717986918, -3)]
    [InlineData(0.5, 1 << 30, 0)]
    [InlineData(1.0, 1 << 30, 1)]
    [InlineData(0.9999999999, 1 << 30, 1)]
    [InlineData(2.5, 1342177280, 2)]
    [InlineData(3.7e-10, 1706323827, -31)]
    [InlineData(1e-10, 0, 0)]
    public void Multipliers(double factor, int value, int shift) => Assert.Equal(new Multiplier(value, shift), Multiplier.From(factor));

    [Theory]
    [InlineData(5, 1 << 30, -1, 2)]
    [InlineData(-5, 1 << 30, -1, -1)]
    [InlineData(7, 1 << 30, 0, 4)]
    [InlineData(-7, 1 << 30, 0, -3)]
    [InlineData(-3, 1 << 30, 0, -1)]
    [InlineData(1000, 1717986918, -3, 100)]
    [InlineData(-1000, 1717986918, -3, -100)]
    [InlineData(123456, 1276901417, 2, 293630)]
    public void Scaling(int x, int value, int shift, int expected) => Assert.Equal(expected, new Multiplier(value, shift).Apply(x));

    [Theory]
    [InlineData(0, 2147483647)]
    [InlineData(-1, 2147483124)]
    [InlineData(-(1 << 24), 1672462419)]
    [InlineData(-(1 << 26), 790015308)]
    [InlineData(-(1 << 27), 290630390)]
    [InlineData(-(1 << 28), 39332546)]
    [InlineData(-(1 << 30), 242)]
    [InlineData(int.MinValue, 0)]
    public void Exponentials(int a, int expected) => Assert.Equal(expected, Exponential.OfNegative(a, 5));

    [Theory]
    [InlineData(1, 1073741948, 260)]
    [InlineData(1 << 20, 1077936196, 16776996)]
    [InlineData(1 << 27, 1569936226, 1635510876)]
    [InlineData(-(1 << 27), 577547421, -1635510876)]
    [InlineData(1 << 28, 1891497262, 2070233436)]
    [InlineData(int.MaxValue, 2147483406, 2147483647)]
    public void Sigmoids(int a, int logistic, int tanh) =>
        Assert.Equal((logistic, tanh), (Exponential.Logistic(a, 4), Exponential.Tanh(a, 4)));

    [Theory]
    [InlineData(4096, 2147483647, -7)]
    [InlineData(524288, 2147483647, 0)]
    [InlineData(600000, 1876499846, 0)]
    [InlineData(1000000, 1125899904, 0)]
    public void Reciprocals(int x, int value, int shift) => Assert.Equal((value, shift), Reciprocal.Of(x, 12));

    [Theory]
    [InlineData(1, 2147483647, 0)]
    [InlineData(2, 1518498372, 0)]
    [InlineData(100, 214748363, 0)]
    [InlineData(65025, 269488147, -5)]
    [InlineData(1000000, 274877901, -7)]
    [InlineData(int.MaxValue, 189812531, -12)]
    public void InverseSquareRoots(int x, int value, int shift) => Assert.Equal(new Multiplier(value, shift), InverseSquareRoot.Of(x));

    [Fact]
    public void SoftmaxTables()
    {
        short[] exp = WideSoftmax.Exp, inverse = WideSoftmax.Inverse;
        Assert.Equal((1_694_030, 11_653_643), (exp.Sum(v => v), inverse.Sum(v => v)));
        Assert.Equal([2, 2, 2], exp[..3]);
        Assert.Equal([16416, 16400, 16384], inverse[^3..]);
    }

    [Theory]
    [InlineData(false, new[] { 2, 7419, 16381, 16384, 16387, 25349, 32766 })]
    [InlineData(true, new[] { -32767, -27598, -11, 0, 11, 27598, 32767 })]
    public void WideSigmoids(bool tanh, int[] expected) =>
        Assert.Equal(expected,
            new[] { -32768, -4096, -1, 0, 1, 4096, 32767 }.Select(WideSigmoid.At(WideSigmoid.InputFactor(0.0003f, tanh), tanh)));
}
