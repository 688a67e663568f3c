using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Optimize.Layout;

/// <summary>
/// A RESHAPE can change places with a transposition that moves the groups of axes that are merged or split as blocks
/// (tflite-kernels, section 5.4).
/// </summary>
internal static class ReshapeLayouts
{
    public static NodeLayout? Find(Node node, Tensor known, Permutation axes)
    {
        Shape input = node.Input(0).Shape, output = node.Output.Shape;
        if (node.TryInput(1) is not { IsConstant: true } shape || shape.Type != ElementType.Int32 || input.ElementCount == 0)
            return null;
        bool forward = known == node.Input(0);
        Permutation? other = forward ? Map(input, output, axes) : Map(output, input, axes);
        if (other is not { } mapped)
            return null;
        (Permutation before, Permutation after) = forward ? (axes, mapped) : (mapped, axes);
        TensorData target = TensorData.Vector<int>([.. output.Permute(after.Axes.AsSpan())]);
        return new(node.Operator, [new(before), new(Constant: target)], [after]);
    }

    /// <summary>How a tensor of shape <paramref name="to"/> is transposed that holds the elements of a transposed one of shape <paramref name="from"/>.</summary>
    public static Permutation? Map(Shape from, Shape to, Permutation axes)
    {
        if (Groups(from, to) is not { } groups)
            return null;
        List<int> order = [];
        int[] moved = [.. axes.Axes.Where(axis => from[axis] != 1)];
        for (int i = 0; i < moved.Length;)
        {
            var (mine, theirs) = groups.First(g => g.From.Contains(moved[i]));
            foreach (int axis in mine)
                if (i >= moved.Length || moved[i++] != axis)
                    return null;
            order.AddRange(theirs);
        }
        Queue<int> rest = new(order);
        return new([.. Enumerable.Range(0, to.Rank).Select(axis => to[axis] == 1 ? axis : rest.Dequeue())]);
    }

    /// <summary>The smallest runs of axes larger than 1 whose products are equal; null for empty tensors.</summary>
    public static List<(int[] From, int[] To)>? Groups(Shape from, Shape to)
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
}
