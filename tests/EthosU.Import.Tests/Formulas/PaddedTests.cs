using EthosU.Graphs;
using EthosU.Import.Formulas;
using Xunit;

namespace EthosU.Import.Tests.Formulas;

/// <summary>What stands before and behind a row.</summary>
public sealed class PaddedTests
{
    [Theory]
    [InlineData(PaddingMode.Reflect, 2, 1, "2 1 0 1 2 1")]
    [InlineData(PaddingMode.Reflect, 4, 5, "0 1 2 1 0 1 2 1 0 1 2 1")] // further than the row is long
    [InlineData(PaddingMode.Edge, 2, 3, "0 0 0 1 2 2 2 2")]
    [InlineData(PaddingMode.Wrap, 4, 2, "2 0 1 2 0 1 2 0 1")]
    public void Elements_of_the_row_itself(PaddingMode mode, int before, int after, string indices)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3);
        int[] sources = [.. indices.Split(' ').Select(int.Parse)];
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([2, sources.Length], i => v[i[0], sources[i[1]]]),
            Padded.ByElements(f.Emitter, x, [0, before], [0, after], mode));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(2.5f)]
    public void A_number_and_what_negative_paddings_cut_off(float value)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(4, 5);
        Numbers v = f.Of(x);
        (Tensor cut, int[] before, int[] after) = Padded.Cut(f.Emitter, x, [1, -2], [-1, 2]);
        f.Gives(Numbers.Make([4, 5], i => i[0] == 0 || i[1] >= 3 ? value : v[i[0] - 1, i[1] + 2]),
            Padded.ByConstant(f.Emitter, cut, before, after, value));
    }
}
