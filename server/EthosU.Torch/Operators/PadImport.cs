using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Padding.</summary>
internal static class PadImport
{
    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.pad.default", "self, pad, mode=constant, value=None", static c => Pad(c, c.Ints("pad"), c.Text("mode"),
            c.TryDouble("value") ?? 0)),
        new("aten.constant_pad_nd.default", "self, pad, value=0", static c => Pad(c, c.Ints("pad"), "constant", c.Double("value"))),
        .. Enumerable.Range(1, 3).SelectMany(static axes => (OperatorImporter[])[
            new($"aten.reflection_pad{axes}d.default", "self, padding", static c => Pad(c, c.Ints("padding"), "reflect", 0)),
            new($"aten.replication_pad{axes}d.default", "self, padding", static c => Pad(c, c.Ints("padding"), "replicate", 0))]),
        new("aten._pad_circular.default", "self, pad", static c => Pad(c, c.Ints("pad"), "circular", 0)),
    ];

    /// <summary>Pads by pairs from the last axis on; negative ones cut off.</summary>
    private static void Pad(ProgramContext c, int[] pads, string mode, double value)
    {
        Tensor x = c.Tensor("self");
        int rank = x.Shape.Rank;
        if (pads.Length % 2 != 0 || pads.Length > 2 * rank)
            throw new UnsupportedOperatorException($"{pads.Length} paddings do not suit {x.Shape}.", "Check the exported program.");
        int[] before = new int[rank], after = new int[rank];
        for (int i = 0; i < pads.Length / 2; i++)
            (before[rank - 1 - i], after[rank - 1 - i]) = (pads[2 * i], pads[(2 * i) + 1]);
        (x, before, after) = Padded.Cut(c, x, before, after);
        if (before.Concat(after).All(static pad => pad == 0))
            c.Result(x);
        else if (mode == "constant")
            c.Result(Constant(c, x, before, after, value));
        else
            c.Result(Padded.ByElements(c, x, before, after, mode switch
            {
                "reflect" => PaddingMode.Reflect,
                "replicate" => PaddingMode.Edge,
                "circular" => PaddingMode.Wrap,
                _ => throw new UnsupportedOperatorException($"The mode '{mode}' is not known.",
                    "Use 'constant', 'reflect' or 'replicate'."),
            }));
    }

    private static Tensor Constant(ProgramContext c, Tensor x, int[] before, int[] after, double value) =>
        x.Type == ElementType.Bool // TensorFlow Lite pads numbers
            ? c.Convert(Padded.ByConstant(c, c.Cast(x, ElementType.Int32), before, after, value != 0 ? 1 : 0), ElementType.Bool)
            : Padded.ByConstant(c, x, before, after, (float)value);
}
