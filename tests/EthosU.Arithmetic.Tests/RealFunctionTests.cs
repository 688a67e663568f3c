using Xunit;

namespace EthosU.Arithmetic.Tests;

public sealed class RealFunctionTests
{
    /// <summary>The fast way to GELU gives the bits of the formula, of which the integer tables are made too.</summary>
    [Fact]
    public void GeluIsThatOfTheExactErrorFunction()
    {
        const int Step = 4099; // bit patterns; a prime, so that all kinds of mantissas come
        for (long bits = 0; bits <= uint.MaxValue; bits += Step)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            Assert.Equal(BitConverter.SingleToUInt32Bits(Formula(x)),
                BitConverter.SingleToUInt32Bits(RealFunctions.Gelu(x, approximate: false)));
        }
        for (float x = -9; x < 9; x += 0.00013f)
            Assert.Equal(Formula(x), RealFunctions.Gelu(x, approximate: false));
    }

    /// <summary>Values of the error function as tables print them.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(1, 0.8427007929497149)]
    [InlineData(-2, -0.9953222650189527)]
    [InlineData(2.5, 0.99959304798255504)]
    [InlineData(3, 0.9999779095030014)]
    [InlineData(4, 0.99999998458274210)]
    [InlineData(6, 1)]
    public void ErrorFunctionIsExact(double x, double expected) => Assert.Equal(expected, RealFunctions.Erf(x), 1e-15);

    [Theory]
    [InlineData(0f, 0f, 0f)]
    [InlineData(1f, 0.8413447f, 0.8411920f)]
    [InlineData(-2f, -0.0455003f, -0.0454023f)]
    public void GeluOfSomeNumbers(float x, float exact, float approximate)
    {
        Assert.Equal(exact, RealFunctions.Gelu(x, approximate: false), 1e-6f);
        Assert.Equal(approximate, RealFunctions.Gelu(x, approximate: true), 1e-6f);
    }

    private static float Formula(float x) => (float)(0.5 * x * (1 + RealFunctions.Erf(x * Math.Sqrt(0.5))));
}
