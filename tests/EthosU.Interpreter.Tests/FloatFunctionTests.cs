using EthosU.Interpreter.Float;
using Xunit;

namespace EthosU.Interpreter.Tests;

public sealed class FloatFunctionTests
{
    /// <summary>Rows together give the bits of each row alone, which are those of sums in the order of their terms.</summary>
    [Theory]
    [InlineData(1, 3, 5)]
    [InlineData(7, 9, 16)]
    [InlineData(9, 33, 47)]
    [InlineData(12, 5, 130)]
    public void ProductsOfRowsAreSumsInOrder(int rows, int depth, int outputs)
    {
        Random random = new(rows);
        int step = depth + 2, stride = outputs + 3;
        float[] x = [.. Enumerable.Range(0, rows * step).Select(_ => random.NextSingle() - 0.5f)],
            w = [.. Enumerable.Range(0, depth * outputs).Select(_ => random.NextSingle() - 0.5f)];
        float[] sums = [.. Enumerable.Range(0, rows * stride).Select(_ => random.NextSingle())], expected = [.. sums];
        for (int row = 0; row < rows; row++)
            for (int o = 0; o < outputs; o++)
                for (int i = 0; i < depth; i++)
                    expected[(row * stride) + o] += x[(row * step) + i] * w[(i * outputs) + o];
        Products.Add(x, step, depth, w, sums, stride, outputs, rows);
        Assert.Equal(expected, sums);
    }

    [Fact]
    public void TransposedMatrixHasRowsAsColumns()
    {
        float[] result = new float[35 * 19];
        Products.Transpose([.. Enumerable.Range(0, 35 * 19).Select(i => (float)i)], 35, 19, result);
        Assert.Equal(Enumerable.Range(0, 35 * 19).Select(i => (float)((i % 35 * 19) + (i / 35))), result);
    }
}
