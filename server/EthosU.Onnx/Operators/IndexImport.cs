using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Operators that pick elements by index.</summary>
internal static class IndexImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Gather", Gather), ("GatherElements", GatherElements), ("GatherND", GatherNd), ("ScatterND", ScatterNd),
        ("Scatter", ScatterElements), ("ScatterElements", ScatterElements), ("OneHot", OneHot),
    ];

    private static void Gather(ImportContext c)
    {
        Tensor x = c.Input(0), indices = c.Input(1);
        c.Output(0, Picking.Slices(c, x, indices, x.Shape.NormalizeAxis(c.Node.Int("axis", 0))));
    }

    private static void GatherElements(ImportContext c)
    {
        Tensor x = c.Input(0);
        TensorData indices = c.Constant(c.Input(1), "indices");
        c.Output(0, Picking.Elements(c, x, indices, x.Shape.NormalizeAxis(c.Node.Int("axis", 0))));
    }

    private static void GatherNd(ImportContext c) =>
        c.Output(0, Picking.AtTuples(c, c.Input(0), c.Input(1), c.Node.Int("batch_dims", 0)));

    private static void ScatterNd(ImportContext c)
    {
        Tensor x = c.Input(0);
        Scatter(c, x, c.Constant(Picking.Positive(c, c.Input(1), x.Shape), "indices"), c.Input(2));
    }

    private static void ScatterElements(ImportContext c)
    {
        Tensor x = c.Input(0), updates = c.Input(2);
        TensorData indices = c.Constant(c.Input(1), "indices");
        Scatter(c, x, Picking.Tuples(indices, x.Shape, x.Shape.NormalizeAxis(c.Node.Int("axis", 0))), updates);
    }

    private static void Scatter(ImportContext c, Tensor x, TensorData tuples, Tensor updates) =>
        c.Output(0, Scattering.Of(c, x, tuples, updates, c.Node.Text("reduction", "none") switch
        {
            "none" => ScatterReduction.None,
            "add" => ScatterReduction.Add,
            "mul" => ScatterReduction.Mul,
            "max" => ScatterReduction.Max,
            "min" => ScatterReduction.Min,
            string other => throw new UnsupportedOperatorException($"A scatter with reduction '{other}' cannot be expressed.",
                "Use arithmetic on whole tensors."),
        }));

    private static void OneHot(ImportContext c)
    {
        TensorData values = c.Constant(c.Input(2), "values");
        Tensor both = c.Constant(values, "values"), indices = c.Cast(c.Input(0), ElementType.Int32);
        Tensor off = c.Reshape(c.Emit(new Slice(), both, c.Integers(0), c.Integers(1)), Shape.Scalar),
            on = c.Reshape(c.Emit(new Slice(), both, c.Integers(1), c.Integers(1)), Shape.Scalar);
        int depth = (int)c.Number(1, "depth");
        if (values.Count != 2 || depth < 1)
            throw new UnsupportedOperatorException("Its depth or its values are not possible.", "Check the exported model.");
        if (indices.Data is { } known) // negative ones count from the end
            indices = c.Constant(TensorData.From<int>(known.Shape, Array.ConvertAll(known.ToInt32Array(), i => i < 0 ? i + depth : i)),
                "indices");
        int axis = c.Node.Int("axis", -1);
        c.Output(0, c.Emit(new OneHot(axis < -1 ? axis + indices.Shape.Rank + 1 : axis), indices, c.Scalar(depth), on, off));
    }
}
