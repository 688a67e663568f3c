using EthosU.Graphs;
using EthosU.Import;

namespace EthosU.Onnx.Operators;

/// <summary>Whether attributes and operands of a recurrent node suit each other.</summary>
internal static class RecurrentShapes
{
    private static readonly string[] Names = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"];

    /// <summary>Refuses operands whose shapes contradict each other, <c>hidden_size</c> or <c>direction</c>.</summary>
    /// <param name="c">At the node.</param>
    /// <param name="hidden">Width of the recurrent weights.</param>
    /// <param name="gates">Gates of a cell.</param>
    public static void Require(ImportContext c, int hidden, int gates)
    {
        Tensor x = c.Input(0), r = c.Input(2);
        if (c.Node.Has("hidden_size") && c.Node.Int("hidden_size", 0) is var declared && declared != hidden)
            throw new UnsupportedOperatorException(
                $"Its hidden_size is {declared}, but its recurrent weights {r.Shape} are those of {hidden} units.",
                "Check the exported model.");
        string direction = c.Node.Word("direction", "forward", "reverse", "bidirectional");
        int directions = direction == "bidirectional" ? 2 : 1;
        bool batchFirst = c.Node.Int("layout", 0) != 0;
        int batch = x.Shape[batchFirst ? 0 : 1];
        Shape state = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
        int rows = Times(gates, hidden);
        Suits(1, [directions, rows, x.Shape[2]]);
        Suits(2, [directions, rows, hidden]);
        Suits(3, [directions, Times(2, rows)]);
        Suits(4, [batch]);
        Suits(5, state);
        if (gates != 4)
            return;
        Suits(6, state);
        Suits(7, [directions, Times(3, hidden)]);

        void Suits(int index, Shape expected)
        {
            if (c.TryInput(index) is { } operand && operand.Shape != expected)
                throw new UnsupportedOperatorException(
                    $"Its operand {Names[index]} is {operand.Shape}, but {hidden} hidden units, {direction}, over the input "
                        + $"{x.Shape} ask for {expected}.", "Check the exported model.");
        }
    }

    private static int Times(int count, int size) => (int)Math.Min(int.MaxValue, (long)count * size);
}
