using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Pad in all modes.</summary>
internal static class PadImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators => [("Pad", Pad)];

    private static void Pad(ImportContext c)
    {
        Tensor x = c.Input(0);
        int rank = x.Shape.Rank;
        int[] given = c.ReadIntegers(1, "pads") ?? c.Integers(1, "paddings");
        int[] axes = c.ReadIntegers(3) ?? [.. Enumerable.Range(0, rank)];
        if (given.Length != 2 * axes.Length)
            throw new UnsupportedOperatorException($"{given.Length} paddings do not suit {axes.Length} axes.", "Check the exported model.");
        int[] before = new int[rank], after = new int[rank];
        for (int i = 0; i < axes.Length; i++)
            (before[x.Shape.NormalizeAxis(axes[i])], after[x.Shape.NormalizeAxis(axes[i])]) = (given[i], given[axes.Length + i]);
        (x, before, after) = Padded.Cut(c, x, before, after);
        string mode = c.Node.Text("mode", "constant");
        c.Output(0, before.Concat(after).All(pad => pad == 0) ? x : mode switch
        {
            "constant" => ByConstant(c, x, before, after),
            "reflect" => Padded.ByElements(c, x, before, after, PaddingMode.Reflect),
            "edge" => Padded.ByElements(c, x, before, after, PaddingMode.Edge),
            "wrap" => Padded.ByElements(c, x, before, after, PaddingMode.Wrap),
            _ => throw new UnsupportedOperatorException(
                $"Padding of mode '{mode}' by [{string.Join(", ", given)}] of {x.Shape} cannot be expressed.",
                "Use smaller paddings, or the mode 'constant'."),
        });
    }

    private static Tensor ByConstant(ImportContext c, Tensor x, int[] before, int[] after)
    {
        Tensor? value = c.TryInput(2);
        if (value is { IsConstant: false })
            return Padded.ByValue(c, x, before, after, value);
        float fill = value is null ? c.Node.Float("value", 0) : c.Number(2, "value");
        if (QuantizationImport.FormOfOperand(c) is { IsConstant: true } form) // the fill is an integer too
            fill = form.Scales[0] * (fill - (form.Zeros?[0] ?? 0));
        return Padded.ByConstant(c, x, before, after, fill);
    }
}
