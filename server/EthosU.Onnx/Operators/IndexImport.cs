using EthosU.Graphs;

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
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", 0));
        if (indices.Data is { } data)
            indices = c.Constant(TensorData.From<int>(data.Shape, Array.ConvertAll(data.ToInt32Array(), i => i < 0 ? i + x.Shape[axis] : i)), "indices");
        if (indices.Data is { Count: 1 } single && !x.IsConstant) // one slice
        {
            int[] begin = new int[x.Shape.Rank];
            begin[axis] = single.ToInt32Array()[0];
            Tensor slice = c.Emit(new Slice(), x, c.Integers(begin), c.Integers([.. x.Shape.With(axis, 1)]));
            c.Output(0, c.Reshape(slice, new([.. x.Shape.Sizes[..axis], .. indices.Shape, .. x.Shape.Sizes[(axis + 1)..]])));
            return;
        }
        c.Output(0, c.Emit(new Gather(axis), x, indices));
    }

    private static void GatherElements(ImportContext c)
    {
        Tensor x = c.Input(0);
        TensorData indices = c.Constant(c.Input(1), "indices");
        c.Output(0, c.Emit(new GatherNd(), x, c.Constant(Tuples(indices, x.Shape, x.Shape.NormalizeAxis(c.Node.Int("axis", 0))), "indices")));
    }

    private static void GatherNd(ImportContext c)
    {
        if (c.Node.Int("batch_dims", 0) != 0)
            throw ImportContext.Unsupported("GatherND with batch_dims cannot be expressed.", "Index with one gather per axis.");
        c.Output(0, c.Emit(new GatherNd(), c.Input(0), Positive(c, c.Input(1), c.Input(0).Shape)));
    }

    private static Tensor Positive(ImportContext c, Tensor tuples, Shape shape)
    {
        if (tuples.Data is not { } data)
            return tuples;
        int depth = data.Shape[-1];
        return c.Constant(TensorData.From<int>(data.Shape, [.. data.ToInt32Array().Select((index, i) => index < 0 ? index + shape[i % depth] : index)]), "indices");
    }

    private static void ScatterNd(ImportContext c)
    {
        Tensor x = c.Input(0);
        TensorData indices = c.Constant(Positive(c, c.Input(1), x.Shape), "indices");
        Scatter(c, x, indices, c.Input(2));
    }

    private static void ScatterElements(ImportContext c)
    {
        Tensor x = c.Input(0), updates = c.Input(2);
        TensorData indices = c.Constant(c.Input(1), "indices");
        Scatter(c, x, Tuples(indices, x.Shape, x.Shape.NormalizeAxis(c.Node.Int("axis", 0))), updates);
    }

    /// <summary>x outside the constant positions, the updates at them.</summary>
    private static void Scatter(ImportContext c, Tensor x, TensorData tuples, Tensor updates)
    {
        if (c.Node.Text("reduction", "none") != "none")
            throw ImportContext.Unsupported("A scatter that adds or multiplies cannot be expressed.", "Use arithmetic on whole tensors.");
        Tensor positions = c.Constant(tuples, "indices");
        Shape count = updates.Shape;
        Tensor written = c.Emit(new ScatterNd(), positions, c.Constant(TensorData.From<int>(count, [.. Enumerable.Repeat(1, checked((int)count.ElementCount))])), c.Integers([.. x.Shape]));
        Tensor values = c.Emit(new ScatterNd(), positions, updates, c.Integers([.. x.Shape]));
        c.Output(0, c.Emit(new SelectV2(), c.Cast(written, ElementType.Bool), values, x));
    }

    /// <summary>Indices along one axis as full index tuples.</summary>
    private static TensorData Tuples(TensorData indices, Shape shape, int axis)
    {
        int[] along = indices.ToInt32Array();
        int rank = shape.Rank;
        int[] tuples = new int[along.Length * rank];
        var strides = indices.Shape.Strides();
        for (int i = 0; i < along.Length; i++)
            for (int a = 0; a < rank; a++)
                tuples[(i * rank) + a] = a == axis ? (along[i] < 0 ? along[i] + shape[axis] : along[i]) : (int)(i / strides[a] % indices.Shape[a]);
        return TensorData.From<int>(new([.. indices.Shape, rank]), tuples);
    }

    private static void OneHot(ImportContext c)
    {
        TensorData values = c.Constant(c.Input(2), "values");
        Tensor both = c.Constant(values, "values"), indices = c.Cast(c.Input(0), ElementType.Int32);
        Tensor off = c.Reshape(c.Emit(new Slice(), both, c.Integers(0), c.Integers(1)), Shape.Scalar), on = c.Reshape(c.Emit(new Slice(), both, c.Integers(1), c.Integers(1)), Shape.Scalar);
        int depth = (int)c.Constant(c.Input(1), "depth").ToFloatArray()[0];
        c.Output(0, c.Emit(new OneHot(c.Node.Int("axis", -1)), indices, c.Scalar(depth), on, off));
    }
}
