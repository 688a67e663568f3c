using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>
/// Means of windows that are gathered by constant indices, as exports write adaptive pooling, become depthwise convolutions of equal
/// weights, whose result has a range of its own, as a mean has; one for each part of windows that go in equal steps.
/// </summary>
internal static class GatheredMeans
{
    private const int MostParts = 64, LargestStep = 3, LargestWindow = 64;

    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node mean in graph.Nodes)
            if (mean is { Operator: Reduce { Kind: ReduceKind.Mean }, Inputs: [{ } gathered, { Data: { } axes }] }
                && graph.Producer(gathered) is { Operator: Gather or GatherNd } gather && graph.HasSingleUse(gathered)
                && gather is { Inputs: [{ IsConstant: false }, { Data: { } indices }] }
                && Windows([.. axes.ToInt32Array().Select(gathered.Shape.NormalizeAxis)], gather, indices) is { } windows
                && windows.Rows.Length * windows.Columns.Length <= MostParts)
            {
                patch.Remove(gather);
                patch.Replace(mean, [.. Pooled(patch, gather.Input(0), mean, windows)]);
            }
        return patch.Apply();
    }

    /// <summary>What is averaged; null if it is no rectangle of neighbours.</summary>
    private static Averages? Windows(int[] axes, Node gather, TensorData indices)
    {
        Shape shape = gather.Input(0).Shape, places = indices.Shape;
        long[] values = indices.ToInt64Array();
        if (gather.Operator is Gather { BatchDims: 0 } along)
        {
            int axis = shape.NormalizeAxis(along.Axis);
            if (places.Rank != 2 || axes is not [var only] || only != axis + 1
                || Parts(values, places[0], places[1], shape[axis]) is not { } runs)
                return null;
            int outer = 1, inner = 1;
            for (int i = 0; i < shape.Rank; i++)
                (outer, inner) = (i < axis ? outer * shape[i] : outer, i > axis ? inner * shape[i] : inner);
            return new([outer, 1, shape[axis], inner], 1, places[1], [new(1, 0, 1)], runs);
        }
        if (gather.Operator is not GatherNd || places.Rank != 5 || places[4] != 2 || shape.Rank < 2 || axes.Length != 2
            || !axes.Order().SequenceEqual([1, 3]))
            return null;
        (int height, int rows, int width, int columns) = (places[0], places[1], places[2], places[3]);
        long[] down = [.. Enumerable.Range(0, height * rows).Select(i => values[i * width * columns * 2])],
            across = [.. Enumerable.Range(0, width * columns).Select(i => values[(i * 2) + 1])];
        for (int i = 0; i < values.Length; i++)
            if (values[i] != (i % 2 == 0 ? down[i / 2 / across.Length] : across[i / 2 % across.Length]))
                return null;
        return Parts(down, height, rows, shape[0]) is { } rowParts && Parts(across, width, columns, shape[1]) is { } columnParts
            ? new([1, shape[0], shape[1], (int)(shape.ElementCount / shape[0] / shape[1])], rows, columns, rowParts, columnParts) : null;
    }

    /// <summary>Windows of neighbours as parts whose beginnings go in equal steps.</summary>
    private static Part[]? Parts(long[] indices, int windows, int size, int length)
    {
        List<Part> parts = [];
        for (int window = 0; window < windows; window++)
        {
            long start = indices[window * size];
            for (int i = 0; i < size; i++)
                if (indices[(window * size) + i] != start + i)
                    return null;
            if (start < 0 || start + size > length)
                return null;
            int step = parts.Count == 0 ? 0 : (int)start - parts[^1].Last;
            if (step is > 0 and <= LargestStep && (parts[^1].Count == 1 || step == parts[^1].Step))
                parts[^1] = new(parts[^1].Count + 1, parts[^1].First, step);
            else
                parts.Add(new(1, (int)start, 1));
        }
        return parts.Count == 0 || size is 0 or > LargestWindow ? null : [.. parts];
    }

    private static List<Node> Pooled(GraphPatch patch, Tensor data, Node mean, Averages windows)
    {
        (Shape image, int rows, int columns, Part[] down, Part[] across) = windows;
        List<Node> nodes = [];
        Tensor weights = Filled([1, rows, columns, image[3]], 1f / (rows * columns)), bias = Filled([image[3]], 0);
        Tensor x = Emit(new Reshape(), image, data, Integers([.. image]));
        Tensor y = Joined(1, [.. down.Select(row => Joined(2, [.. across.Select(column => Pool(row, column))]))]);
        nodes.Add(new(new Reshape(), [y, Integers([.. mean.Output.Shape])], mean.Outputs, mean.Source));
        return nodes;

        Tensor Pool(Part row, Part column)
        {
            int height = row.Last - row.First + rows, width = column.Last - column.First + columns;
            Shape seen = [image[0], height, width, image[3]];
            Tensor part = seen == image ? x
                : Emit(new Slice(), seen, x, Integers(0, row.First, column.First, 0), Integers([.. seen]));
            return Emit(new DepthwiseConv2D(Padding.Valid, row.Step, column.Step), [image[0], row.Count, column.Count, image[3]], part,
                weights, bias);
        }

        Tensor Joined(int axis, Tensor[] parts) => parts.Length == 1 ? parts[0]
            : Emit(new Concatenation(axis), new(parts[0].Shape.Sizes.SetItem(axis, parts.Sum(part => part.Shape[axis]))), parts);

        Tensor Filled(Shape shape, float value) => new(patch.MakeName($"{mean.Output.Name}/weights"),
            TensorData.From<float>(shape, [.. Enumerable.Repeat(value, (int)shape.ElementCount)]));

        Tensor Integers(params int[] values) => new(patch.MakeName($"{mean.Output.Name}/sizes"), TensorData.Vector<int>(values));

        Tensor Emit(Operator op, Shape shape, params Tensor[] operands)
        {
            Tensor result = new(patch.MakeName($"{mean.Output.Name}/windows"), data.Type, shape);
            nodes.Add(new(op, [.. operands], [result], mean.Source));
            return result;
        }
    }

    /// <summary>Windows of rows × columns over an image [N, H, W, C].</summary>
    private sealed record Averages(Shape Image, int RowCount, int ColumnCount, Part[] Rows, Part[] Columns);

    /// <summary>So many windows, the first place of the first one, and the step from one to the next.</summary>
    private readonly record struct Part(int Count, int First, int Step)
    {
        public int Last => First + ((Count - 1) * Step);
    }
}
