using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>GridSample and AffineGrid.</summary>
internal static class SamplingImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators => [("GridSample", GridSample), ("AffineGrid", AffineGrid)];

    private static void GridSample(ImportContext c)
    {
        Tensor x = c.Input(0);
        if (c.Input(1).Data is not { } grid)
            throw new UnsupportedOperatorException("The grid of this grid_sample depends on the data that flow through the network.",
                GridSampling.Advice);
        c.Output(0, GridSampling.Of(c, x, grid, new()
        {
            Mode = c.Node.Text("mode", "bilinear") switch
            {
                "nearest" => ResizeMode.Nearest,
                "bicubic" or "cubic" => ResizeMode.Cubic,
                _ => ResizeMode.Linear,
            },
            Outside = c.Node.Text("padding_mode", "zeros") switch
            {
                "zeros" => null,
                "reflection" => PaddingMode.Reflect,
                _ => PaddingMode.Edge,
            },
            AlignsCorners = c.Node.Int("align_corners", 0) != 0,
        }));
    }

    private static void AffineGrid(ImportContext c)
    {
        if (c.Input(0).Data is not { } theta || c.Input(1).Data is not { Count: 4 } size)
            throw new UnsupportedOperatorException(
                "An affine_grid of a matrix that depends on the data, or of volumes, cannot be expressed.", GridSampling.Advice);
        int[] sizes = size.ToInt32Array();
        c.Output(0, GridSampling.Affine(c, theta, sizes[0], sizes[2], sizes[3], c.Node.Int("align_corners", 0) != 0));
    }
}
