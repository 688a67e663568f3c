using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Elements picked by index.</summary>
public static class Picking
{
    /// <summary>Slices along an axis at indices, of which constant ones may count from the end.</summary>
    public static Tensor Slices(GraphEmitter g, Tensor x, Tensor indices, int axis)
    {
        if (indices.Data is { } data)
            indices = g.Constant(TensorData.From<int>(data.Shape, Array.ConvertAll(data.ToInt32Array(), i => Position(i, x.Shape[axis]))),
                "indices");
        if (indices.Data is not { Count: 1 } single || x.IsConstant)
            return g.Emit(new Gather(axis), x, indices);
        int[] begin = new int[x.Shape.Rank];
        begin[axis] = single.ToInt32Array()[0];
        Tensor slice = g.Emit(new Slice(), x, g.Integers(begin), g.Integers([.. x.Shape.With(axis, 1)]));
        return g.Reshape(slice, new([.. x.Shape.Sizes[..axis], .. indices.Shape, .. x.Shape.Sizes[(axis + 1)..]]));
    }

    /// <summary>For each element of the constant indices, that of x at the same place but along one axis (torch.gather).</summary>
    public static Tensor Elements(GraphEmitter g, Tensor x, TensorData indices, int axis) =>
        g.Emit(new GatherNd(), x, g.Constant(Tuples(indices, x.Shape, axis), "indices"));

    /// <summary>The same with indices that are computed; they count from the front.</summary>
    public static Tensor Elements(GraphEmitter g, Tensor x, Tensor indices, int axis) =>
        g.Emit(new GatherNd(), x, Tuples(g, indices, axis));

    /// <summary>Computed indices along one axis as full index tuples: the places along the others are constant.</summary>
    public static Tensor Tuples(GraphEmitter g, Tensor indices, int axis)
    {
        int rank = indices.Shape.Rank, count = g.Listed(indices.Shape.ElementCount);
        var strides = indices.Shape.Strides();
        Shape column = [.. indices.Shape, 1];
        List<Tensor> parts = [];
        if (axis > 0)
            parts.Add(Places(0, axis));
        parts.Add(g.Reshape(indices, column));
        if (axis < rank - 1)
            parts.Add(Places(axis + 1, rank));
        return g.Concat(rank, parts);

        Tensor Places(int first, int end)
        {
            int width = end - first;
            int[] places = new int[g.Listed((long)count * width)];
            for (int i = 0; i < count; i++)
                for (int a = first; a < end; a++)
                    places[(i * width) + a - first] = (int)(i / strides[a] % indices.Shape[a]);
            return g.Constant(TensorData.From<int>([.. indices.Shape, width], places), "places");
        }
    }

    /// <summary>Parts of x at index tuples behind so many axes that both have in common.</summary>
    public static Tensor AtTuples(GraphEmitter g, Tensor x, Tensor indices, int batchAxes)
    {
        if (batchAxes < 0 || batchAxes >= indices.Shape.Rank || batchAxes + indices.Shape[-1] > x.Shape.Rank)
            throw new UnsupportedOperatorException($"Index tuples {indices.Shape} with {batchAxes} batch axes do not suit {x.Shape}.",
                "Check the exported model.");
        return g.Emit(new GatherNd(), x, batchAxes == 0 ? Positive(g, indices, x.Shape)
            : g.Constant(Batched(g, g.Constant(indices, "indices"), x.Shape, batchAxes), "indices"));
    }

    /// <summary>Index tuples of which constant ones count from the front.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="tuples">The tuples.</param>
    /// <param name="shape">What they point into.</param>
    public static Tensor Positive(GraphEmitter g, Tensor tuples, Shape shape)
    {
        if (tuples.Data is not { } data)
            return tuples;
        if (data.Shape.Rank == 0 || data.Shape[-1] > shape.Rank)
            throw new UnsupportedOperatorException($"Index tuples {data.Shape} do not suit {shape}.", "Check the exported model.");
        int depth = data.Shape[-1];
        return g.Constant(TensorData
            .From<int>(data.Shape, [.. data.ToInt32Array().Select((index, i) => Position(index, shape[i % depth]))]), "indices");
    }

    /// <summary>Indices along one axis as full index tuples.</summary>
    /// <param name="indices">The indices, of as many axes as what they point into.</param>
    /// <param name="shape">What they point into.</param>
    /// <param name="axis">The axis.</param>
    public static TensorData Tuples(TensorData indices, Shape shape, int axis)
    {
        int[] along = indices.ToInt32Array();
        int rank = shape.Rank;
        if (indices.Shape.Rank != rank)
            throw new UnsupportedOperatorException($"Indices {indices.Shape} do not suit {shape}.", "Check the exported model.");
        int[] tuples = new int[along.Length * rank];
        var strides = indices.Shape.Strides();
        for (int i = 0; i < along.Length; i++)
            for (int a = 0; a < rank; a++)
                tuples[(i * rank) + a] = a == axis ? Position(along[i], shape[axis]) : (int)(i / strides[a] % indices.Shape[a]);
        return TensorData.From<int>(new([.. indices.Shape, rank]), tuples);
    }

    /// <summary>Index tuples that begin with the position in the batch axes.</summary>
    private static TensorData Batched(GraphEmitter g, TensorData indices, Shape shape, int batch)
    {
        int depth = indices.Shape[-1], full = depth + batch;
        Shape tuples = new(indices.Shape.Sizes.SetItem(indices.Shape.Rank - 1, full));
        int[] given = indices.ToInt32Array(), result = new int[g.Listed(tuples.ElementCount)];
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

    private static int Position(int index, int size) => index >= -size && index < size
        ? index < 0 ? index + size : index
        : throw new UnsupportedOperatorException($"The index {index} is outside an axis of {size}.", "Check the exported model.");
}
