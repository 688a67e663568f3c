using EthosU.Graphs;
using EthosU.Import;

namespace EthosU.Onnx.Operators;

/// <summary>Sequences of tensors, as torch.split, unbind and Python lists leave them: taken apart while importing.</summary>
internal static class SequenceImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("SequenceEmpty", c => c.OutputSequence(0, [])),
        ("SequenceConstruct", c => c.OutputSequence(0, [.. Enumerable.Range(0, c.InputCount).Select(c.Input)])),
        ("SequenceInsert", Insert), ("SequenceErase", Erase),
        ("SequenceAt", c => c.Output(0, c.Sequence(0)[Position(c, 1, c.Sequence(0).Length)])),
        ("SequenceLength", c => c.Output(0, c.Scalar(c.Sequence(0).Length))), ("SplitToSequence", Split), ("ConcatFromSequence", Concat),
    ];

    private static int Position(ImportContext c, int index, int count, int beyond = 0)
    {
        int position = c.Integer(index, "position");
        position = position < 0 ? position + count : position;
        return position >= 0 && position < count + beyond
            ? position
            : throw new UnsupportedOperatorException($"A sequence of {count} has no element {position}.", "Check the exported model.");
    }

    private static void Insert(ImportContext c)
    {
        List<Tensor> sequence = [.. c.Sequence(0)];
        sequence.Insert(c.HasInput(2) ? Position(c, 2, sequence.Count, 1) : sequence.Count, c.Input(1));
        c.OutputSequence(0, [.. sequence]);
    }

    private static void Erase(ImportContext c)
    {
        List<Tensor> sequence = [.. c.Sequence(0)];
        if (sequence.Count == 0)
            throw new UnsupportedOperatorException("The sequence is empty.", "Check the exported model.");
        sequence.RemoveAt(c.HasInput(1) ? Position(c, 1, sequence.Count) : sequence.Count - 1);
        c.OutputSequence(0, [.. sequence]);
    }

    private static void Split(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", 0)), size = x.Shape[axis];
        bool drop = !c.HasInput(1) && c.Node.Int("keepdims", 1) == 0;
        int[] given = c.HasInput(1) ? c.Integers(1, "split") : [1];
        if (given.Length == 0 || given.Any(part => part < 1))
            throw new UnsupportedOperatorException("A part would be empty.", "Check the exported model.");
        int[] sizes = c.HasInput(1) && c.Input(1).Shape.Rank > 0 ? given
            : [.. Enumerable.Range(0, c.Listed((size + (long)given[0] - 1) / given[0]))
            .Select(i => Math.Min(given[0], size - (i * given[0])))];
        if (sizes.Sum(part => (long)part) != size)
            throw new UnsupportedOperatorException(
                $"Parts of [{string.Join(", ", sizes)}] do not make up {size}.", "Check the exported model.");
        Tensor[] parts = c.Split(x, axis, sizes);
        c.OutputSequence(0, drop ? [.. parts.Select(part => c.Reshape(part, part.Shape.Without(axis)))] : parts);
    }

    private static void Concat(ImportContext c)
    {
        Tensor[] parts = c.Sequence(0);
        if (parts.Length == 0)
            throw new UnsupportedOperatorException("The sequence is empty.", "Check the exported model.");
        bool stack = c.Node.Int("new_axis", 0) != 0;
        int rank = parts[0].Shape.Rank + (stack ? 1 : 0), axis = c.Node.Int("axis", 0);
        axis = axis < 0 ? axis + rank : axis;
        if (axis < 0 || axis >= rank || parts.Any(part => part.Shape.Rank != parts[0].Shape.Rank))
            throw new UnsupportedOperatorException($"Its tensors have different ranks, or no axis {axis} of {rank}.",
                "Check the exported model.");
        c.Output(0, c.Concat(axis, stack ? [.. parts.Select(part => c.Reshape(part, new(part.Shape.Sizes.Insert(axis, 1))))] : parts));
    }
}
