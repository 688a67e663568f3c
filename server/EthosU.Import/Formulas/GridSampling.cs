using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Sampling of an image at constant positions: a weighted sum of picked elements.</summary>
public static class GridSampling
{
    /// <summary>What to do about positions that are computed.</summary>
    public const string Advice =
        "Sampling at computed positions has no counterpart on microcontrollers; use a constant grid, resizing with fixed factors or a "
            + "strided convolution.";

    /// <summary>The image at the positions of a grid.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image [1, C, H, W].</param>
    /// <param name="grid">Positions (x, y) between −1 and 1: [1, height, width, 2].</param>
    /// <param name="options">How it is sampled.</param>
    /// <exception cref="UnsupportedOperatorException">It cannot be expressed.</exception>
    public static Tensor Of(GraphEmitter g, Tensor x, TensorData grid, GridSampleOptions options)
    {
        if (x.Shape.Rank != 4 || grid.Shape.Rank != 4 || grid.Shape[0] != x.Shape[0] || grid.Shape[3] != 2)
            throw new UnsupportedOperatorException($"A grid {grid.Shape} for {x.Shape} cannot be expressed.", Advice);
        int n = x.Shape[0], channels = x.Shape[1], height = x.Shape[2], width = x.Shape[3],
            points = g.Listed((long)grid.Shape[1] * grid.Shape[2]);
        if (n != 1)
            throw new UnsupportedOperatorException("A grid_sample of several images cannot be expressed.", "Use a batch of 1.");
        Axis rows = new(height, options), columns = new(width, options);
        int taps = rows.Taps;
        _ = g.Listed((long)points * taps * taps);
        float[] positions = grid.ToFloatArray();
        Tensor flat = g.Reshape(x, [channels, checked(height * width)]);
        int[,] at = new int[taps * taps, points];
        float[,] weight = new float[taps * taps, points];
        for (int p = 0; p < points; p++)
        {
            var across = columns.At(positions[2 * p]);
            var down = rows.At(positions[(2 * p) + 1]);
            for (int i = 0; i < taps; i++)
                for (int j = 0; j < taps; j++)
                {
                    at[(i * taps) + j, p] = (down[i].Index * width) + across[j].Index;
                    weight[(i * taps) + j, p] = down[i].Weight * across[j].Weight;
                }
        }
        Tensor? sum = null;
        for (int tap = 0; tap < taps * taps; tap++)
        {
            Tensor picked = g.Emit(new Gather(1), flat, g.Integers([.. Enumerable.Range(0, points).Select(p => at[tap, p])]));
            float[] factors = [.. Enumerable.Range(0, points).Select(p => weight[tap, p])];
            Tensor weighted = factors.All(factor => factor == 1) ? picked
                : g.Mul(picked, g.Constant(TensorData.From<float>([1, points], factors), "weights"));
            sum = sum is null ? weighted : g.Add(sum, weighted);
        }
        return g.Reshape(sum!, [1, channels, grid.Shape[1], grid.Shape[2]]);
    }

    /// <summary>The grid of constant affine matrices.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="matrices">A matrix [2, 3] for each image.</param>
    /// <param name="images">Number of images.</param>
    /// <param name="height">Height of the grid.</param>
    /// <param name="width">Width of the grid.</param>
    /// <param name="alignsCorners">See <see cref="GridSampleOptions.AlignsCorners"/>.</param>
    /// <returns>[images, height, width, 2].</returns>
    public static Tensor Affine(GraphEmitter g, TensorData matrices, int images, int height, int width, bool alignsCorners)
    {
        float[] matrix = matrices.ToFloatArray(), grid = new float[g.Listed((long)images * height * width * 2)];
        if (matrix.Length != 6L * images)
            throw new UnsupportedOperatorException($"Matrices {matrices.Shape} do not suit {images} images.", "Check the exported model.");
        for (int image = 0; image < images; image++)
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    for (int row = 0; row < 2; row++)
                        grid[(((((image * height) + y) * width) + x) * 2) + row] =
                            (matrix[(image * 6) + (row * 3)] * Coordinate(x, width))
                            + (matrix[(image * 6) + (row * 3) + 1] * Coordinate(y, height)) + matrix[(image * 6) + (row * 3) + 2];
        return g.Constant(TensorData.From<float>([images, height, width, 2], grid), "grid");

        float Coordinate(int i, int count) =>
            alignsCorners ? count == 1 ? 0 : (2f * i / (count - 1)) - 1 : (((2f * i) + 1) / count) - 1;
    }

    /// <summary>How positions along one axis are taken from its elements.</summary>
    private sealed record Axis(int Size, GridSampleOptions Options)
    {
        private bool IsCubic => Options.Mode == ResizeMode.Cubic;

        public int Taps => Options.Mode switch { ResizeMode.Nearest => 1, ResizeMode.Cubic => 4, _ => 2 };

        /// <summary>Elements and their weights for a position between −1 and 1.</summary>
        public (int Index, float Weight)[] At(float coordinate)
        {
            double position = Options.AlignsCorners ? (coordinate + 1) / 2.0 * (Size - 1) : (((coordinate + 1.0) * Size) - 1) / 2;
            if (!IsCubic && Options.Outside is not null)
                position = Moved(position);
            if (Options.Mode == ResizeMode.Nearest)
                return [Tap(Math.Round(position, MidpointRounding.ToEven), 1)];
            double floor = Math.Floor(position), t = position - floor;
            return IsCubic
                ? [.. Enumerable.Range(-1, 4).Select(i => Tap(floor + i, (float)InterpolationMatrix.Cubic(t - i, -0.75)))]
                : [Tap(floor, (float)(1 - t)), Tap(floor + 1, (float)t)];
        }

        private (int, float) Tap(double index, float weight)
        {
            double moved = Options.Outside is null ? index : Moved(index);
            return moved >= 0 && moved <= Size - 1 ? ((int)moved, weight) : (0, 0);
        }

        private double Moved(double position)
        {
            if (Options.Outside == PaddingMode.Reflect)
            {
                double low = Options.AlignsCorners ? 0 : -0.5, span = Options.AlignsCorners ? Size - 1 : Size;
                if (span == 0)
                    return 0;
                double distance = Math.Abs(position - low), rest = distance % span;
                position = (long)(distance / span) % 2 == 0 ? low + rest : low + span - rest;
            }
            return Math.Clamp(position, 0, Size - 1);
        }
    }
}
