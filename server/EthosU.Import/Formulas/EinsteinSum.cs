using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Sums over products by Einstein's convention: sums, transposes and matrix products, two operands at a time.</summary>
public static class EinsteinSum
{
    private const char FirstUnnamed = '\uE000'; // labels that stand for the axes of an ellipsis

    /// <summary>The sum that an equation describes.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="equation">Labels of the operands' axes, and behind an arrow those of the result.</param>
    /// <param name="operands">The operands.</param>
    /// <exception cref="UnsupportedOperatorException">The equation does not suit them.</exception>
    public static Tensor Of(GraphEmitter g, string equation, IReadOnlyList<Tensor> operands)
    {
        equation = equation.Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->"), terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != operands.Count)
            throw Impossible(equation);
        int unnamed = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            int hidden = operands[i].Shape.Rank - terms[i].Replace("...", "", StringComparison.Ordinal).Length;
            if (terms[i].Contains("...", StringComparison.Ordinal) ? hidden < 0 : hidden != 0)
                throw Impossible(equation);
            unnamed = Math.Max(unnamed, hidden);
            terms[i] = Named(terms[i], hidden);
        }
        string result = Named(sides.Length == 2 ? sides[1] : Implicit(terms, sides[0]), unnamed);
        if (result.Distinct().Count() != result.Length
            || result.Any(label => !terms.Any(term => term.Contains(label, StringComparison.Ordinal)))
            || terms.Any(term => term.Contains('.', StringComparison.Ordinal)))
            throw Impossible(equation);

        (Tensor tensor, string labels) = Diagonal(g, operands[0], terms[0]);
        for (int i = 1; i < terms.Length; i++)
        {
            (Tensor other, string otherLabels) = Diagonal(g, operands[i], terms[i]);
            string needed = i == terms.Length - 1 ? result
                : new([.. (labels + otherLabels).Distinct().Where(label => result.Contains(label, StringComparison.Ordinal)
                || terms.Skip(i + 1).Any(term => term.Contains(label, StringComparison.Ordinal)))]);
            tensor = Pair(g, tensor, labels, other, otherLabels, needed);
            labels = needed;
        }
        return Arranged(g, tensor, labels, result);
    }

    private static UnsupportedOperatorException Impossible(string equation) =>
        new UnsupportedOperatorException($"The equation '{equation}' does not suit the operands.",
        "Use matmul, permute and sum instead of einsum.");

    /// <summary>The axes of an ellipsis are counted from the last.</summary>
    private static string Named(string term, int hidden) =>
        term.Replace("...", new string([.. Enumerable.Range(0, Math.Max(0, hidden)).Select(i => (char)(FirstUnnamed + hidden - 1 - i))]),
        StringComparison.Ordinal);

    /// <summary>Without an arrow: the ellipsis, then the labels that occur once, in alphabetical order.</summary>
    private static string Implicit(string[] terms, string left) => (left.Contains("...", StringComparison.Ordinal) ? "..." : "")
        + new string([.. string.Concat(terms).Where(label => label < FirstUnnamed).GroupBy(label => label)
        .Where(group => group.Count() == 1).Select(group => group.Key).Order()]);

    /// <summary>Axes with one label become one: the elements where their indices are equal.</summary>
    private static (Tensor, string) Diagonal(GraphEmitter g, Tensor x, string labels)
    {
        while (labels.GroupBy(label => label).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            int first = labels.IndexOf(twice.Key, StringComparison.Ordinal), second = labels.IndexOf(twice.Key, first + 1),
                size = x.Shape[first];
            if (x.Shape[second] != size)
                throw new UnsupportedOperatorException(
                    $"{x.Shape} has no diagonal along axes {first} and {second}.", "Check the exported model.");
            int[] rest = [.. Enumerable.Range(0, labels.Length).Where(axis => axis != first && axis != second)];
            Tensor square = g.Transpose(x, [first, second, .. rest]);
            Tensor flat = g.Reshape(square, [checked(size * size), .. square.Shape.Sizes[2..]]);
            x = g.Emit(new Gather(0), flat, g.Integers([.. Enumerable.Range(0, g.Listed(size)).Select(i => i * (size + 1))]));
            labels = twice.Key + new string([.. rest.Select(axis => labels[axis])]);
        }
        return (x, labels);
    }

    private static Tensor Pair(GraphEmitter g, Tensor x, string xLabels, Tensor y, string yLabels, string result)
    {
        Dictionary<char, int> sizes = [];
        foreach ((string labels, Tensor tensor) in ((string, Tensor)[])[(xLabels, x), (yLabels, y)])
            foreach ((char label, int size) in labels.Zip(tensor.Shape))
                sizes[label] = sizes.TryGetValue(label, out int known) && known != 1 ? size == 1 || size == known ? known
                    : throw new UnsupportedOperatorException(
                        $"Axis '{label}' has the sizes {known} and {size}.", "Check the exported model.")
                    : size;
        (x, y) = (Widened(g, x, xLabels, yLabels, sizes), Widened(g, y, yLabels, xLabels, sizes));
        bool InX(char label) => xLabels.Contains(label, StringComparison.Ordinal);
        bool InY(char label) => yLabels.Contains(label, StringComparison.Ordinal);
        string batch = new([.. result.Where(label => InX(label) && InY(label))]);
        string contracted = new([.. xLabels.Where(label => InY(label) && !result.Contains(label, StringComparison.Ordinal))]);
        string left = new([.. result.Where(label => InX(label) && !InY(label))]),
            right = new([.. result.Where(label => InY(label) && !InX(label))]);
        Tensor a = Arranged(g, x, xLabels, batch + left + contracted), b = Arranged(g, y, yLabels, batch + contracted + right);
        int[] lead = [.. batch.Select(label => sizes[label])];
        Tensor product;
        if (contracted.Length == 0) // nothing is summed: element by element
        {
            product = g.Mul(g.Reshape(a, [.. lead, Size(left), 1]), g.Reshape(b, [.. lead, 1, Size(right)]));
        }
        else
        {
            int flat = Math.Max(1, lead.Aggregate(1, (p, s) => checked(p * s)));
            int[] batches = lead.Length > 3 ? [flat] : lead; // BATCH_MATMUL takes up to rank 5
            product = MatrixProduct.Of(g, g.Reshape(a, [.. batches, Size(left), Size(contracted)]),
                g.Reshape(b, [.. batches, Size(contracted), Size(right)]));
        }
        string order = batch + left + right;
        return Arranged(g, g.Reshape(product, new([.. order.Select(label => sizes[label])])), order, result);

        int Size(string labels) => labels.Aggregate(1, (count, label) => checked(count * sizes[label]));
    }

    /// <summary>Axes of size 1 that are wider in the other operand.</summary>
    private static Tensor Widened(GraphEmitter g, Tensor x, string labels, string other, Dictionary<char, int> sizes)
    {
        Shape wide = new(
            [.. labels.Select((label, axis) => other.Contains(label, StringComparison.Ordinal) ? sizes[label] : x.Shape[axis])]);
        return wide == x.Shape ? x : g.Emit(new BroadcastTo(), x, g.Integers([.. wide]));
    }

    /// <summary>Sums the axes that are not wanted and puts the others in order.</summary>
    private static Tensor Arranged(GraphEmitter g, Tensor x, string labels, string wanted)
    {
        int[] surplus = [.. labels.Select((label, axis) => (label, axis)).Where(p => !wanted.Contains(p.label, StringComparison.Ordinal))
            .Select(p => p.axis)];
        if (surplus.Length > 0)
            x = g.Reduce(ReduceKind.Sum, x, surplus, false);
        string rest = new([.. labels.Where(label => wanted.Contains(label, StringComparison.Ordinal))]);
        return g.Transpose(x, [.. wanted.Select(label => rest.IndexOf(label, StringComparison.Ordinal))]);
    }
}
