using Xunit;

namespace EthosU.Import.Tests;

/// <summary>An array of several axes, for computations that follow a definition index by index.</summary>
internal sealed class Numbers
{
    public Numbers(int[] sizes, double[] values)
    {
        Assert.Equal(sizes.Aggregate(1, static (a, b) => a * b), values.Length);
        (Sizes, Values) = (sizes, values);
    }

    public int[] Sizes { get; }

    public double[] Values { get; }

    public double this[params ReadOnlySpan<int> index] => Values[Offset(index)];

    /// <summary>The array whose elements a function of their indices gives.</summary>
    public static Numbers Make(int[] sizes, Func<int[], double> element) => new(sizes, [.. Indices(sizes).Select(element)]);

    /// <summary>An element, or 0 outside.</summary>
    public double OrZero(params int[] index) =>
        index.Zip(Sizes).All(static pair => pair.First >= 0 && pair.First < pair.Second) ? this[index] : 0;

    /// <summary>All indices, the last one fastest.</summary>
    public static IEnumerable<int[]> Indices(int[] sizes)
    {
        int count = sizes.Aggregate(1, static (a, b) => a * b);
        for (int i = 0; i < count; i++)
        {
            int[] index = new int[sizes.Length];
            for (int axis = sizes.Length - 1, rest = i; axis >= 0; rest /= sizes[axis--])
                index[axis] = rest % sizes[axis];
            yield return index;
        }
    }

    private int Offset(ReadOnlySpan<int> index)
    {
        Assert.Equal(Sizes.Length, index.Length);
        int offset = 0;
        for (int axis = 0; axis < Sizes.Length; axis++)
            offset = (offset * Sizes[axis]) + index[axis];
        return offset;
    }
}
