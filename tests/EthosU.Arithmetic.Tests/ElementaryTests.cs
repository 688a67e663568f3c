using Xunit;

namespace EthosU.Arithmetic.Tests;

/// <summary>Elementary functions are nearly the correctly rounded ones, and have the same bits wherever they are computed.</summary>
public sealed class ElementaryTests
{
    private const int Step = 40_009; // bit patterns; a prime, so that all kinds of mantissas come

    /// <summary>Functions, and a sum over the bits of their results.</summary>
    public static TheoryData<string, uint> Functions => new()
    {
        { "exp", 561453677 }, { "log", 3120579165 }, { "tanh", 1742645690 }, { "sin", 1048374630 }, { "cos", 3115547618 },
        { "pow", 3424590281 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_result_is_within_one_unit_of_the_exact_one_and_always_the_same(string name, uint expected)
    {
        uint sum = 0;
        for (long bits = 0; bits <= uint.MaxValue; bits += Step)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            if (name is "sin" or "cos" && Math.Abs(x) > 1 << 22)
                continue; // what the library of the machine gives there is not always exact
            (float got, double exact) = name switch
            {
                "exp" => (Elementary.Exp(x), Math.Exp(x)),
                "log" => (Elementary.Log(x), Math.Log(x)),
                "tanh" => (Elementary.Tanh(x), Math.Tanh(x)),
                "sin" => (Elementary.Sin(x), Math.Sin(x)),
                "cos" => (Elementary.Cos(x), Math.Cos(x)),
                _ => (Elementary.Pow(x, 2.7f), Math.Pow(x, 2.7f)),
            };
            float rounded = (float)exact;
            Assert.True(IsNear(got, rounded), $"{name}({x:R}) is {got:R}, not {rounded:R}");
            sum = unchecked((sum * 31) + (float.IsNaN(got) ? 1 : BitConverter.SingleToUInt32Bits(got)));
        }
        Assert.Equal(expected, sum);
    }

    /// <summary>Angles whose turns take more bits than a double has, from tables.</summary>
    [Theory]
    [InlineData(1e10f, -0.48750602508751073, 0.8731196226768559)]
    [InlineData(1e22f, -0.7340815352961015, 0.679061337095051)]
    [InlineData(3e38f, 0.8749048877644344, -0.48429478354190686)]
    [InlineData(-1048577f, -0.9727535843134413, 0.23184146351624124)]
    [InlineData(2097152.25f, 0.7978087980233128, 0.6029105421176485)]
    public void Large_angles_are_reduced_exactly(float x, double sine, double cosine)
    {
        Assert.Equal((float)sine, Elementary.Sin(x));
        Assert.Equal((float)cosine, Elementary.Cos(x));
    }

    [Theory]
    [InlineData(-2f, 3f, -8f)]
    [InlineData(-2f, 4f, 16f)]
    [InlineData(-2f, -1f, -0.5f)]
    [InlineData(0f, 2f, 0f)]
    [InlineData(9f, 0.5f, 3f)]
    [InlineData(-2f, 0.5f, float.NaN)]
    public void Powers_of_all_kinds(float x, float y, float expected) => Assert.Equal(expected, Elementary.Pow(x, y), 2e-6f);

    private static bool IsNear(float a, float b) => a.Equals(b) || a == b || MathF.BitIncrement(a) == b || MathF.BitDecrement(a) == b;
}
