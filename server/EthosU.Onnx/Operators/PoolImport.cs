using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Pools.</summary>
internal static class PoolImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("MaxPool", Max), ("AveragePool", c => c.Output(0, AverageOf(c, c.Input(0)))), ("LpPool", Lp),
        ("GlobalAveragePool", c => c.Output(0, Pooling.Global(c, c.Input(0), ReduceKind.Mean))),
        ("GlobalMaxPool", c => c.Output(0, Pooling.Global(c, c.Input(0), ReduceKind.Max))), ("GlobalLpPool", GlobalLp),
    ];

    private static void Max(ImportContext c)
    {
        if (c.WantsOutput(1))
            throw new UnsupportedOperatorException("The positions of the maxima (return_indices=True) cannot be computed.",
                "Use MaxPool without return_indices.");
        c.Output(0, MaximumOf(c, c.Input(0)));
    }

    /// <summary>The maxima of an image's windows, by the node's attributes.</summary>
    public static Tensor MaximumOf(ImportContext c, Tensor image) => Pooling.Maximum(c, image, Windows(c, image));

    /// <summary>The means of an image's windows, by the node's attributes.</summary>
    public static Tensor AverageOf(ImportContext c, Tensor image) =>
        Pooling.Average(c, image, Windows(c, image), c.Node.Int("count_include_pad", 0) != 0);

    private static void Lp(ImportContext c)
    {
        RequireSquares(c);
        c.Output(0, Pooling.Norm(c, c.Input(0), Windows(c, c.Input(0))));
    }

    private static void GlobalLp(ImportContext c)
    {
        RequireSquares(c);
        c.Output(0, Pooling.GlobalNorm(c, c.Input(0)));
    }

    private static void RequireSquares(ImportContext c)
    {
        float p = c.Node.Set.HasRealNorm ? c.Node.Float("p", 2) : c.Node.Int("p", 2);
        if (p != 2)
            throw new UnsupportedOperatorException($"The norm p = {p} cannot be expressed.", "Use p = 2.");
    }

    private static WindowOptions Windows(ImportContext c, Tensor image) =>
        WindowAttributes.Read(c, Pooling.SpatialAxes(image)) is { Kernel: not null } options ? options
        : throw new UnsupportedOperatorException("It has no kernel_shape.", "Check the exported model.");
}
