using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>
/// A RESHAPE can change places with a movement that leaves the groups of axes that are merged or split together
/// (tflite-kernels 5.4). What happens inside a group that becomes one axis is an order of that axis's elements.
/// </summary>
internal static class ReshapeLayouts
{
    private const int MostSplitAxes = 4;

    public static NodeLayout? Find(Node node, Tensor known, Arrangement axes)
    {
        Shape input = node.Input(0).Shape, output = node.Output.Shape;
        if (node.TryInput(1) is not { IsConstant: true } shape || shape.Type != ElementType.Int32 || input.ElementCount == 0)
            return null;
        bool forward = known == node.Input(0);
        Arrangement? other = forward ? Map(input, output, axes) : Map(output, input, axes);
        if (other is not { } mapped)
            return null;
        (Arrangement before, Arrangement after) = forward ? (axes, mapped) : (mapped, axes);
        TensorData target = TensorData.Vector<int>([.. after.Apply(output)]);
        return new(node.Operator, [new(before), new(Constant: target)], [after]);
    }

    /// <summary>
    /// How a tensor of shape <paramref name="to"/> is arranged that holds the elements of an arranged one of shape <paramref name="from"/>.
    /// </summary>
    public static Arrangement? Map(Shape from, Shape to, Arrangement axes)
    {
        if (Groups(from, to) is not { } groups)
            return null;
        Dictionary<int, (int[] From, int[] To)> groupOf = [];
        foreach (var group in groups)
            foreach (int axis in group.From)
                groupOf[axis] = group;
        List<int> placed = [];
        var orders = new int[]?[to.Rank];
        int[] moved = [.. axes.Axes.Where(axis => from[axis] != 1)];
        for (int i = 0; i < moved.Length;)
        {
            var (mine, theirs) = groupOf[moved[i]];
            if (i + mine.Length > moved.Length || moved[i..(i + mine.Length)].Except(mine).Any())
                return null;
            int[] run = moved[i..(i + mine.Length)];
            i += mine.Length;
            bool plain = run.SequenceEqual(mine) && !mine.Any(axis => axes.OrderOf(axis) is not null);
            if (plain)
            {
                placed.AddRange(theirs);
                continue;
            }
            int[] flat = Flatten(from, mine, run, axes);
            if (theirs.Length == 1)
            {
                orders[theirs[0]] = flat;
                placed.Add(theirs[0]);
            }
            else if (Split(to, theirs, flat) is { } split)
            {
                placed.AddRange(split);
            }
            else
            {
                return null;
            }
        }
        Queue<int> rest = new(placed);
        return new([.. Enumerable.Range(0, to.Rank).Select(axis => to[axis] == 1 ? axis : rest.Dequeue())], [.. orders]);
    }

    /// <summary>The smallest runs of axes larger than 1 whose products are equal; null for empty tensors.</summary>
    private static List<(int[] From, int[] To)>? Groups(Shape from, Shape to)
    {
        int[] a = [.. Enumerable.Range(0, from.Rank).Where(axis => from[axis] != 1)];
        int[] b = [.. Enumerable.Range(0, to.Rank).Where(axis => to[axis] != 1)];
        if (from.ElementCount == 0 || from.ElementCount != to.ElementCount)
            return null;
        List<(int[], int[])> groups = [];
        for (int i = 0, j = 0; i < a.Length;)
        {
            int startA = i, startB = j;
            long left = from[a[i++]], right = to[b[j++]];
            while (left != right)
            {
                if (left < right)
                    left *= from[a[i++]];
                else
                    right *= to[b[j++]];
            }
            groups.Add((a[startA..i], b[startB..j]));
        }
        return groups;
    }

    /// <summary>The order of the elements of merged axes: for each place the index in the merged axis as it was.</summary>
    /// <param name="shape">Sizes of all axes.</param>
    /// <param name="group">The axes merged, as they were.</param>
    /// <param name="run">The same axes, as they stand now.</param>
    /// <param name="axes">Holds the orders along them.</param>
    private static int[] Flatten(Shape shape, int[] group, int[] run, Arrangement axes)
    {
        int[] order = [0];
        foreach (int axis in run)
        {
            int stride = group.SkipWhile(a => a != axis).Skip(1).Aggregate(1, (product, a) => product * shape[a]), size = shape[axis];
            int[]? along = axes.OrderOf(axis);
            var longer = new int[order.Length * size];
            for (int i = 0; i < order.Length; i++)
                for (int j = 0; j < size; j++)
                    longer[(i * size) + j] = order[i] + ((along?[j] ?? j) * stride);
            order = longer;
        }
        return order;
    }

    /// <summary>The order of axes whose merged elements stand as given; null if no order of axes alone gives that.</summary>
    private static int[]? Split(Shape shape, int[] group, int[] order)
    {
        if (group.Length > MostSplitAxes)
            return null;
        Arrangement plain = Arrangement.Identity(shape.Rank);
        return Orders(group).FirstOrDefault(run => Flatten(shape, group, run, plain).AsSpan().SequenceEqual(order));
    }

    private static IEnumerable<int[]> Orders(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(first => Orders([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}
