using EthosU.Graphs;

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
        int[] before = new int[rank], after = new int[rank];
        for (int i = 0; i < axes.Length; i++)
            (before[x.Shape.NormalizeAxis(axes[i])], after[x.Shape.NormalizeAxis(axes[i])]) = (given[i], given[axes.Length + i]);
        if (before.Concat(after).Any(pad => pad < 0)) // negative pads cut
        {
            int[] cut = [.. before.Select(pad => Math.Max(0, -pad))];
            int[] rest = [.. Enumerable.Range(0, rank).Select(axis => x.Shape[axis] - cut[axis] - Math.Max(0, -after[axis]))];
            x = c.Emit(new Slice(), x, c.Integers(cut), c.Integers(rest));
            before = [.. before.Select(pad => Math.Max(0, pad))];
            after = [.. after.Select(pad => Math.Max(0, pad))];
        }
        if (before.Concat(after).All(pad => pad == 0))
        {
            c.Output(0, x);
            return;
        }
        Tensor paddings =
            c.Constant(TensorData.From([rank, 2], [.. before.SelectMany((pad, axis) => (int[])[pad, after[axis]])]), "paddings");
        string mode = c.Node.Text("mode", "constant");
        switch (mode)
        {
            case "constant":
            {
                Tensor? value = c.TryInput(2);
                if (value is { IsConstant: false })
                {
                    c.Output(0, c.Emit(new PadV2(), x, paddings, c.Reshape(value, Shape.Scalar)));
                    break;
                }
                float fill = value is null ? c.Node.Float("value", 0) : c.Constant(value, "value").ToFloatArray()[0];
                if (QuantizationImport.FormOfOperand(c) is { IsConstant: true } form) // the fill is an integer too
                    fill = form.Scales[0] * (fill - (form.Zeros?[0] ?? 0));
                c.Output(0, fill == 0 ? c.Emit(new Pad(), x, paddings) : c.Emit(new PadV2(), x, paddings, c.Cast(c.Scalar(fill), x.Type)));
                break;
            }
            case "reflect" when Enumerable.Range(0, rank).All(axis => before[axis] < x.Shape[axis] && after[axis] < x.Shape[axis]):
                c.Output(0, c.Emit(new MirrorPad(false), x, paddings));
                break;
            case "edge" or "wrap" or "reflect" when x.Shape.ElementCount > 0:
                for (int axis = 0; axis < rank; axis++)
                    if (before[axis] + after[axis] > 0)
                        x = c.Emit(new Gather(axis), x,
                            c.Integers([.. Enumerable.Range(-before[axis], c.Listed((long)x.Shape[axis] + before[axis] + after[axis]))
                            .Select(i => Source(mode, i, x.Shape[axis]))]));
                c.Output(0, x);
                break;
            default:
                throw ImportContext
                    .Unsupported($"Padding of mode '{mode}' by [{string.Join(", ", given)}] of {x.Shape} cannot be expressed.",
                    "Use smaller paddings, or the mode 'constant'.");
        }
    }

    private static int Source(string mode, int position, int size)
    {
        switch (mode)
        {
            case "edge":
                return Math.Clamp(position, 0, size - 1);
            case "wrap":
                return ((position % size) + size) % size;
            default: // to and fro between the edges
            {
                int period = Math.Max(1, (2 * size) - 2), place = ((position % period) + period) % period;
                return place < size ? place : period - place;
            }
        }
    }
}
