using EthosU.Quantize.Data;
using Xunit;

namespace EthosU.Quantize.Tests;

public sealed class PreprocessingTests
{
    [Fact]
    public void ScalesSubtractsAndDividesByChannel()
    {
        Preprocessing preprocessing = Preprocessing.Parse("1/255", "0.5, 0.25", "2,4");
        float[] values = [255, 0, 51, 102]; // two channels of two pixels, channels first

        preprocessing.Apply(values, 2, 2);

        Assert.Equal([0.25f, -0.25f, -0.0125f, 0.0375f], values, (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Theory]
    [InlineData("1/0", null, null)]
    [InlineData("a", null, null)]
    [InlineData("1/2/3", null, null)]
    [InlineData(null, "0.5,,1", null)]
    [InlineData(null, null, "0")]
    [InlineData("nan", null, null)]
    public void RefusesWhatIsNoNumber(string? scale, string? mean, string? std) =>
        Assert.Throws<FormatException>(() => Preprocessing.Parse(scale, mean, std));

    [Fact]
    public void RefusesListsOfAnotherLength() =>
        Assert.Throws<FormatException>(() => Preprocessing.Parse(null, "1,2", null).Apply(new float[3], 3, 1));
}
