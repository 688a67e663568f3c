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
            indices = c.Constant(TensorData.From<int>(data.Shape, Array.ConvertAll(data.ToInt32Array(), i => Position(i, x.Shape[axis]))),
                "indices");
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

    private static int Position(int index, int size) => index >= -size && index < size
        ? index < 0 ? index + size : index
        : throw ImportContext.Unsupported($"The index {index} is outside an axis of {size}.", "Check the exported model.");

    private static void GatherElements(ImportContext c)
    {
        Tensor x = c.Input(0);
        TensorData indices = c.Constant(c.Input(1), "indices");
        c.Output(0, c.Emit(new GatherNd(), x,
            c.Constant(Tuples(indices, x.Shape, x.Shape.NormalizeAxis(c.Node.Int("axis", 0))), "indices")));
    }

    private static void GatherNd(ImportContext c)
    {
        Tensor x = c.Input(0), indices = c.Input(1);
        int batch = c.Node.Int("batch_dims", 0);
        if (batch < 0 || batch >= indices.Shape.Rank || batch + indices.Shape[-1] > x.Shape.Rank)
            throw ImportContext
                .Unsupported($"Index tuples {indices.Shape} with {batch} batch axes do not suit {x.Shape}.", "Check the exported model.");
        c.Output(0, c.Emit(new GatherNd(), x, batch == 0 ? Positive(c, indices, x.Shape)
            : c.Constant(Batched(c, c.Constant(indices, "indices"), x.Shape, batch), "indices")));
    }

    /// <summary>Index tuples that begin with the position in the batch axes.</summary>
    private static TensorData Batched(ImportContext c, TensorData indices, Shape shape, int batch)
    {
        int depth = indices.Shape[-1], full = depth + batch;
        Shape tuples = new(indices.Shape.Sizes.SetItem(indices.Shape.Rank - 1, full));
        int[] given = indices.ToInt32Array(), result = new int[c.Listed(tuples.ElementCount)];
        var strides = indices.Shape.Strides();
        for (int i = 0; i < given.Length / Math.Max(1, depth); i++)
        {
            for (int axis = 0; axis < batch; axis++)
                result[(i * full) + axis] = (int)((long)i * depth / strides[axis] % indices.Shape[axis]);
            for (int k = 0; k < depth; k++)
                result[(i * full) + batch + k] = Position(given[(i * depth) + k], shape[batch + k]);
        }
        return TensorData.From<int>(tuples, result);
    }

    private static Tensor Positive(ImportContext c, Tensor tuples, Shape shape)
    {
        if (tuples.Data is not { } data)
            return tuples;
        int depth = data.Shape[-1];
        return c.Constant(TensorData
            .From<int>(data.Shape, [.. data.ToInt32Array().Select((index, i) => Position(index, shape[i % depth]))]), "indices");
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

    /// <summary>x outside the constant positions; at them the updates, or what x and they give together.</summary>
    private static void Scatter(ImportContext c, Tensor x, TensorData tuples, Tensor updates)
    {
        string reduction = c.Node.Text("reduction", "none");
        Tensor positions = c.Constant(tuples, "indices"), shape = c.Integers([.. x.Shape]);
        Tensor values = c.Emit(new ScatterNd(), positions, updates, shape);
        if (HasEqual(tuples))
            throw ImportContext
                .Unsupported($"A scatter (reduction '{reduction}') that hits a position twice cannot be expressed.",
                "Use indices that are all different, or a product with a constant matrix.");
        if (reduction == "add")
        {
            c.Output(0, c.Add(x, values));
            return;
        }
        int[] ones = new int[c.Listed(updates.Shape.ElementCount)];
        ones.AsSpan().Fill(1);
        Tensor written =
            c.Cast(c.Emit(new ScatterNd(), positions, c.Constant(TensorData.From<int>(updates.Shape, ones)), shape), ElementType.Bool);
        Tensor changed = reduction switch
        {
            "none" => values,
            "mul" => c.Mul(x, values),
            "max" => c.Binary(BinaryKind.Maximum, x, values),
            "min" => c.Binary(BinaryKind.Minimum, x, values),
            _ => throw ImportContext
                .Unsupported($"A scatter with reduction '{reduction}' cannot be expressed.", "Use arithmetic on whole tensors."),
        };
        c.Output(0, c.Emit(new SelectV2(), written, changed, x));
    }

    private static bool HasEqual(TensorData tuples)
    {
        int depth = tuples.Shape[-1];
        HashSet<string> seen = [];
        return depth > 0 && !tuples.ToInt32Array().Chunk(depth).All(tuple => seen.Add(string.Join(',', tuple)));
    }

    /// <summary>Indices along one axis as full index tuples.</summary>
    private static TensorData Tuples(TensorData indices, Shape shape, int axis)
    {
        int[] along = indices.ToInt32Array();
        int rank = shape.Rank;
        if (indices.Shape.Rank != rank)
            throw ImportContext.Unsupported($"Indices {indices.Shape} do not suit {shape}.", "Check the exported model.");
        int[] tuples = new int[along.Length * rank];
        var strides = indices.Shape.Strides();
        for (int i = 0; i < along.Length; i++)
            for (int a = 0; a < rank; a++)
                tuples[(i * rank) + a] = a == axis ? Position(along[i], shape[axis]) : (int)(i / strides[a] % indices.Shape[a]);
        return TensorData.From<int>(new([.. indices.Shape, rank]), tuples);
    }

    private static void OneHot(ImportContext c)
    {
        TensorData values = c.Constant(c.Input(2), "values");
        Tensor both = c.Constant(values, "values"), indices = c.Cast(c.Input(0), ElementType.Int32);
        Tensor off = c.Reshape(c.Emit(new Slice(), both, c.Integers(0), c.Integers(1)), Shape.Scalar),
            on = c.Reshape(c.Emit(new Slice(), both, c.Integers(1), c.Integers(1)), Shape.Scalar);
        int depth = (int)c.Constant(c.Input(1), "depth").ToFloatArray()[0];
        if (values.Count != 2 || depth < 1)
            throw ImportContext.Unsupported("Its depth or its values are not possible.", "Check the exported model.");
        if (indices.Data is { } known) // negative ones count from the end
            indices = c.Constant(TensorData.From<int>(known.Shape, Array.ConvertAll(known.ToInt32Array(), i => i < 0 ? i + depth : i)),
                "indices");
        int axis = c.Node.Int("axis", -1);
        c.Output(0, c.Emit(new OneHot(axis < -1 ? axis + indices.Shape.Rank + 1 : axis), indices, c.Scalar(depth), on, off));
    }
}
