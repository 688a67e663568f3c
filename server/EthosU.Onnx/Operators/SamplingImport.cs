using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>GridSample at constant positions: a weighted sum of picked elements.</summary>
internal static class SamplingImport
{
    private const string Advice =
        "Sampling at computed positions has no counterpart on microcontrollers; use a constant grid, resizing with fixed factors or a "
            + "strided convolution.";

    public static IEnumerable<(string, Action<ImportContext>)> Operators => [("GridSample", GridSample), ("AffineGrid", AffineGrid)];

    private static void GridSample(ImportContext c)
    {
        Tensor x = c.Input(0);
        if (c.Input(1).Data is not { } grid)
            throw ImportContext.Unsupported("The grid of this grid_sample depends on the data that flow through the network.", Advice);
        if (x.Shape.Rank != 4 || grid.Shape.Rank != 4 || grid.Shape[0] != x.Shape[0] || grid.Shape[3] != 2)
            throw ImportContext.Unsupported($"A grid {grid.Shape} for {x.Shape} cannot be expressed.", Advice);
        string mode = c.Node.Text("mode", "bilinear"), padding = c.Node.Text("padding_mode", "zeros");
        bool align = c.Node.Int("align_corners", 0) != 0;
        int n = x.Shape[0], channels = x.Shape[1], height = x.Shape[2], width = x.Shape[3],
            points = c.Listed((long)grid.Shape[1] * grid.Shape[2]);
        if (n != 1)
            throw ImportContext.Unsupported("A grid_sample of several images cannot be expressed.", "Use a batch of 1.");
        Axis rows = new(height, mode, padding, align), columns = new(width, mode, padding, align);
        int taps = rows.Taps;
        _ = c.Listed((long)points * taps * taps);
        float[] positions = grid.ToFloatArray();
        Tensor flat = c.Reshape(x, [channels, checked(height * width)]);
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
            Tensor picked = c.Emit(new Gather(1), flat, c.Integers([.. Enumerable.Range(0, points).Select(p => at[tap, p])]));
            float[] factors = [.. Enumerable.Range(0, points).Select(p => weight[tap, p])];
            Tensor weighted = factors.All(factor => factor == 1) ? picked
                : c.Mul(picked, c.Constant(TensorData.From<float>([1, points], factors), "weights"));
            sum = sum is null ? weighted : c.Add(sum, weighted);
        }
        c.Output(0, c.Reshape(sum!, [1, channels, grid.Shape[1], grid.Shape[2]]));
    }

    private static void AffineGrid(ImportContext c)
    {
        if (c.Input(0).Data is not { } theta || c.Input(1).Data is not { } size || size.Count != 4)
            throw ImportContext
                .Unsupported("An affine_grid of a matrix that depends on the data, or of volumes, cannot be expressed.", Advice);
        int[] sizes = size.ToInt32Array();
        int n = sizes[0], height = sizes[2], width = sizes[3];
        bool align = c.Node.Int("align_corners", 0) != 0;
        float[] matrix = theta.ToFloatArray(), grid = new float[c.Listed((long)n * height * width * 2)];
        if (matrix.Length != 6L * n)
            throw ImportContext.Unsupported($"Matrices {theta.Shape} do not suit {n} images.", "Check the exported model.");
        for (int image = 0; image < n; image++)
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    for (int row = 0; row < 2; row++)
                        grid[(((((image * height) + y) * width) + x) * 2) + row] =
                            (matrix[(image * 6) + (row * 3)] * Coordinate(x, width))
                            + (matrix[(image * 6) + (row * 3) + 1] * Coordinate(y, height)) + matrix[(image * 6) + (row * 3) + 2];
        c.Output(0, c.Constant(TensorData.From<float>([n, height, width, 2], grid), "grid"));

        float Coordinate(int i, int count) => align ? count == 1 ? 0 : (2f * i / (count - 1)) - 1 : (((2f * i) + 1) / count) - 1;
    }

    /// <summary>How positions along one axis are taken from its elements.</summary>
    private sealed record Axis(int Size, string Mode, string Padding, bool Align)
    {
        private bool IsNearest => Mode == "nearest";

        private bool IsCubic => Mode is "bicubic" or "cubic";

        public int Taps => IsNearest ? 1 : IsCubic ? 4 : 2;

        /// <summary>Elements and their weights for a position between −1 and 1.</summary>
        public (int Index, float Weight)[] At(float coordinate)
        {
            double position = Align ? (coordinate + 1) / 2.0 * (Size - 1) : (((coordinate + 1.0) * Size) - 1) / 2;
            if (!IsCubic && Padding != "zeros")
                position = Moved(position);
            if (IsNearest)
                return [Tap(Math.Round(position, MidpointRounding.ToEven), 1)];
            double floor = Math.Floor(position), t = position - floor;
            return IsCubic
                ? [.. Enumerable.Range(-1, 4).Select(i => Tap(floor + i, (float)InterpolationMatrix.Cubic(t - i, -0.75)))]
                : [Tap(floor, (float)(1 - t)), Tap(floor + 1, (float)t)];
        }

        private (int, float) Tap(double index, float weight)
        {
            double moved = Padding == "zeros" ? index : Moved(index);
            return moved >= 0 && moved <= Size - 1 ? ((int)moved, weight) : (0, 0);
        }

        private double Moved(double position)
        {
            if (Padding == "reflection")
            {
                double low = Align ? 0 : -0.5, span = Align ? Size - 1 : Size;
                if (span == 0)
                    return 0;
                double distance = Math.Abs(position - low), rest = distance % span;
                position = (long)(distance / span) % 2 == 0 ? low + rest : low + span - rest;
            }
            return Math.Clamp(position, 0, Size - 1);
        }
    }
}
