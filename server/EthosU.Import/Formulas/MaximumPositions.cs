using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>The maxima of an image's windows and where in the image they lie.</summary>
public static class MaximumPositions
{
    private const int MostCells = 256;

    /// <summary>Maxima and positions, counted row by row over height and width; the first of equal ones.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image [N, C, H, W] or [N, C, L].</param>
    /// <param name="options">How windows lie, with their size.</param>
    /// <exception cref="UnsupportedOperatorException">Windows have too many cells.</exception>
    public static (Tensor Values, Tensor Positions) Of(GraphEmitter g, Tensor x, WindowOptions options)
    {
        bool flat = x.Shape.Rank == 3;
        Tensor image = flat ? g.Lifted(x) : x;
        int[] kernel = WindowOptions.Pair(options.Kernel, 1);
        Window window = Window.Over(options, kernel, image.Shape);
        if ((long)kernel[0] * kernel[1] > MostCells)
            throw new UnsupportedOperatorException($"Positions of maxima of {kernel[0]} × {kernel[1]} cells are too many to compare.",
                "Use a smaller kernel, or the pool without return_indices.");
        int width = image.Shape[3];
        int[] end = [.. Enumerable.Range(0, 2).Select(i => Math.Max(0, ((window.Output[i] - 1) * window.Strides[i])
            + WindowGeometry.EffectiveSize(kernel[i], window.Dilations[i]) - image.Shape[2 + i] - window.Begin[i]))];
        Tensor padded = window.Begin.Concat(end).All(static pad => pad == 0) ? image
            : Padded.ByConstant(g, image, [0, 0, .. window.Begin], [0, 0, .. end], float.MinValue);
        (Tensor? best, Tensor? at) = (null, null);
        for (int row = 0; row < kernel[0]; row++)
            for (int column = 0; column < kernel[1]; column++)
            {
                int[] first = [row * window.Dilations[0], column * window.Dilations[1]];
                Tensor cell = Slicing.Of(g, padded, [2, 3], first,
                    [.. first.Select((f, i) => f + ((window.Output[i] - 1) * window.Strides[i]) + 1)], window.Strides);
                Tensor place = g.Constant(Places(g, window, first, width), "places");
                if (best is null)
                {
                    (best, at) = (cell, Movement.Expand(g, place, cell.Shape));
                    continue;
                }
                Tensor larger = g.Emit(new Compare(CompareKind.Greater), cell, best);
                at = g.Emit(new SelectV2(), larger, place, at);
                best = g.Binary(BinaryKind.Maximum, best, cell);
            }
        return flat ? (g.Lowered(best!), g.Lowered(at!)) : (best!, at!);
    }

    private static TensorData Places(GraphEmitter g, Window window, int[] first, int width)
    {
        int rows = window.Output[0], columns = window.Output[1];
        int[] places = new int[g.Listed((long)rows * columns)];
        for (int i = 0; i < places.Length; i++)
        {
            int y = (i / columns * window.Strides[0]) - window.Begin[0] + first[0];
            int x = (i % columns * window.Strides[1]) - window.Begin[1] + first[1];
            places[i] = (y * width) + x;
        }
        return TensorData.From<int>([1, 1, rows, columns], places);
    }
}
