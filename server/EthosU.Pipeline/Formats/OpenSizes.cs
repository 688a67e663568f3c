using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;

namespace EthosU.Pipeline.Formats;

/// <summary>Sizes that a TensorFlow Lite file leaves open, fixed by the user: by the input's name and the axis.</summary>
internal static class OpenSizes
{
    /// <summary>The shapes of a graph's inputs with the sizes given; null where one is left open.</summary>
    /// <exception cref="ModelFormatException">A name is that of no open size.</exception>
    public static IReadOnlyList<Shape?> Fix(string path, Graph graph, int batch, ImmutableDictionary<string, int> sizes)
    {
        HashSet<string> open = [.. graph.Inputs.SelectMany(input => input.OpenAxes.Select(axis => Name(input, axis)))];
        foreach (string name in sizes.Keys.Where(name => !open.Contains(name)).Order(StringComparer.Ordinal))
            throw new ModelFormatException(path, "",
                $"there is no open size '{name}'; "
                    + $"{(open.Count == 0 ? "all sizes of its inputs are fixed" : $"the open ones are {string.Join(", ", open.Order(StringComparer.Ordinal))}")}");
        return [.. graph.Inputs.Select(input => Fix(input, batch, sizes))];
    }

    /// <summary>Null where a size but the batch is not given.</summary>
    private static Shape? Fix(Tensor input, int batch, ImmutableDictionary<string, int> sizes)
    {
        Shape shape = input.Shape;
        foreach (int axis in input.OpenAxes)
        {
            if (sizes.TryGetValue(Name(input, axis), out int size))
                shape = shape.With(axis, size);
            else if (axis != 0)
                return null;
            else if (batch > 1)
                shape = shape.With(0, batch);
        }
        return shape;
    }

    private static string Name(Tensor input, int axis) => string.Create(CultureInfo.InvariantCulture, $"{input.Name}:{axis}");
}
