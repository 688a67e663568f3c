using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Elements picked and put by index.</summary>
internal static class IndexImport
{
    private const string Scatter = "self, dim, index, src";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.embedding.default", "weight, indices, padding_idx=-1, scale_grad_by_freq=False, sparse=False", static c =>
            c.Result(Picking.Slices(c, c.Tensor("weight") is { Shape.Rank: > 0 } weight ? weight : throw new UnsupportedOperatorException(
                "Its weight has no rows.", "Check the exported program."), c.Tensor("indices", ElementType.Int32), 0))),
        new("aten.index_select.default", "self, dim, index", Select),
        new("aten.gather.default", "self, dim, index, *, sparse_grad=False", Gather),
        new("aten.take_along_dim.default", "self, indices, dim=None", TakeAlong), new("aten.take.default", "self, index", Take),
        new("aten.index.Tensor", "self, indices", Index), new("aten._unsafe_index.Tensor", "self, indices", Index),
        new("aten.index_put.default", "self, indices, values, accumulate=False", Put),
        new("aten._unsafe_index_put.default", "self, indices, values, accumulate=False", Put),
        new("aten.scatter.src", Scatter, static c => ScatterAlong(c, "src", ScatterReduction.None)),
        new("aten.scatter.value", "self, dim, index, value", static c => ScatterAlong(c, "value", ScatterReduction.None)),
        new("aten.scatter_add.default", Scatter, static c => ScatterAlong(c, "src", ScatterReduction.Add)),
        new("aten.scatter.reduce", Scatter + ", *, reduce", static c => ScatterAlong(c, "src", c.Text("reduce") switch
        {
            "add" => ScatterReduction.Add,
            _ => ScatterReduction.Mul,
        })),
        new("aten.index_copy.default", "self, dim, index, source", static c => PutSlices(c, c.Tensor("source", c.Tensor("self").Type))),
        new("aten.index_fill.int_Scalar", "self, dim, index, value", static c =>
        {
            Tensor x = c.Tensor("self");
            int axis = Axes.Of(c.Int("dim"), x.Shape.Rank);
            PutSlices(c, Movement.Expand(c, c.Tensor("value", x.Type),
                x.Shape.With(axis, checked((int)c.Tensor("index").Shape.ElementCount))));
        }),
        new("aten.one_hot.default", "self, num_classes=-1", OneHot),
    ];

    private static void Select(ProgramContext c)
    {
        Tensor x = c.Tensor("self"), index = c.Tensor("index", ElementType.Int32);
        if (x.Shape.Rank == 0 || index.Shape.Rank > 1)
            throw new UnsupportedOperatorException($"An index {index.Shape} does not suit {x.Shape}.", "Check the exported program.");
        c.Result(Picking.Slices(c, x, index.Shape.Rank == 0 ? c.Reshape(index, [1]) : index, Axes.Of(c.Int("dim"), x.Shape.Rank)));
    }

    private static void Gather(ProgramContext c) =>
        c.Result(Along(c, c.Tensor("self"), c.Tensor("index", ElementType.Int32), c.Int("dim")));

    private static void TakeAlong(ProgramContext c)
    {
        Tensor x = c.Tensor("self"), index = c.Tensor("indices", ElementType.Int32);
        if (c.TryInt("dim") is not { } dim)
        {
            c.Result(Along(c, c.Reshape(x, [checked((int)x.Shape.ElementCount)]),
                c.Reshape(index, [checked((int)index.Shape.ElementCount)]), 0));
            return;
        }
        int axis = Axes.Of(dim, x.Shape.Rank);
        if (x.Shape.Rank != index.Shape.Rank || !Shape.TryBroadcast(x.Shape.With(axis, 1), index.Shape.With(axis, 1), out Shape shape))
            throw new UnsupportedOperatorException($"An index {index.Shape} does not suit {x.Shape}.", "Check the exported program.");
        c.Result(Along(c, Movement.Expand(c, x, shape.With(axis, x.Shape[axis])),
            Movement.Expand(c, index, shape.With(axis, index.Shape[axis])), axis));
    }

    private static void Take(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        int count = checked((int)x.Shape.ElementCount);
        c.Result(Picking.Slices(c, c.Reshape(x, [count]), Wrapped(c, c.Tensor("index", ElementType.Int32), count), 0));
    }

    private static Tensor Along(ProgramContext c, Tensor x, Tensor index, int dim)
    {
        int axis = Axes.Of(dim, x.Shape.Rank);
        if (x.Shape.Rank == 0)
            return c.Reshape(x, index.Shape);
        if (index.Shape.Rank != x.Shape.Rank || index.Shape.Where((size, a) => a != axis && size > x.Shape[a]).Any())
            throw new UnsupportedOperatorException($"An index {index.Shape} does not suit {x.Shape}.", "Check the exported program.");
        return index.Data is { } data ? Picking.Elements(c, x, data, axis) : Picking.Elements(c, x, index, axis);
    }

    /// <summary>Indices that may count from the end, counted from the front.</summary>
    private static Tensor Wrapped(ProgramContext c, Tensor index, int size)
    {
        if (index.Data is { } data)
        {
            int[] positive = Array.ConvertAll(data.ToInt32Array(), i => i < 0 ? i + size : i);
            return c.Constant(TensorData.From<int>(data.Shape, positive), "indices");
        }
        return c.Emit(new SelectV2(), c.Emit(new Compare(CompareKind.Less), index, c.Scalar(0)), c.Add(index, c.Scalar(size)), index);
    }

    private static void Index(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        Tensor?[] indices = Indices(c, x.Shape);
        int[] axes = [.. Enumerable.Range(0, indices.Length).Where(axis => indices[axis] is not null)];
        if (axes.Length == 0)
            c.Result(x);
        else if (axes is [var only])
            c.Result(Picking.Slices(c, x, indices[only]!, only));
        else
            c.Result(Separately(c, x, indices, axes) ?? Together(c, x, indices, axes));
    }

    /// <summary>The indices, one for each axis, counted from the front; constant masks become the places where they are true.</summary>
    private static Tensor?[] Indices(ProgramContext c, Shape shape)
    {
        List<Tensor?> result = [];
        foreach (Tensor? given in c.OptionalTensors("indices"))
        {
            if (given is null || given.Type != ElementType.Bool)
            {
                if (result.Count >= shape.Rank)
                    throw new UnsupportedOperatorException($"It has more indices than {shape} has axes.", "Check the exported program.");
                result.Add(given is null ? null : Wrapped(c, c.Cast(given, ElementType.Int32), shape[result.Count]));
                continue;
            }
            if (given.Data is not { } mask)
                throw new UnsupportedOperatorException("The size of what a mask picks depends on the values of the mask.",
                    "Write the module without boolean indexing (torch.where with three arguments is fine).");
            long[] truth = mask.ToInt64Array();
            int[] places = [.. Enumerable.Range(0, truth.Length).Where(i => truth[i] != 0)];
            var strides = mask.Shape.Strides();
            for (int axis = 0; axis < mask.Shape.Rank; axis++)
                result.Add(c.Constant(TensorData.From<int>([places.Length],
                    [.. places.Select(place => (int)(place / strides[axis] % mask.Shape[axis]))]), "indices"));
        }
        return [.. result];
    }

    /// <summary>
    /// Indices of neighbouring axes of which each varies along axes of its own, as resizing and padding are taken apart to: picked axis by
    /// axis. Null for others.
    /// </summary>
    private static Tensor? Separately(ProgramContext c, Tensor x, Tensor?[] indices, int[] axes)
    {
        if (axes[^1] - axes[0] + 1 != axes.Length)
            return null;
        int rank = axes.Max(axis => indices[axis]!.Shape.Rank), at = 0;
        foreach (int axis in axes)
        {
            Shape shape = indices[axis]!.Shape;
            int before = rank - shape.Rank;
            for (int i = 0; i < shape.Rank; i++)
                if (shape[i] != 1)
                {
                    if (before + i < at)
                        return null;
                    at = before + i + 1;
                }
        }
        Shape broadcast = Shape.Scalar;
        foreach (int axis in axes)
            if (!Shape.TryBroadcast(broadcast, indices[axis]!.Shape, out broadcast))
                return null;
        Shape result = [.. x.Shape.Take(axes[0]), .. broadcast, .. x.Shape.Skip(axes[^1] + 1)];
        foreach (int axis in axes)
            x = Picking.Slices(c, x, c.Reshape(indices[axis]!, [checked((int)indices[axis]!.Shape.ElementCount)]), axis);
        return c.Reshape(x, result);
    }

    /// <summary>Index tuples: the axes that they point into come first, and what they pick goes where the first of them was.</summary>
    private static Tensor Together(ProgramContext c, Tensor x, Tensor?[] indices, int[] axes)
    {
        (Tensor tuples, Shape broadcast) = Tuples(c, indices, axes);
        int[] rest = [.. Enumerable.Range(0, x.Shape.Rank).Except(axes)];
        Tensor picked = Picking.AtTuples(c, c.Transpose(x, [.. axes, .. rest]), tuples, 0);
        bool neighbours = axes[^1] - axes[0] + 1 == axes.Length;
        int first = neighbours ? axes[0] : 0, count = broadcast.Rank;
        return c.Transpose(picked, [.. Enumerable.Range(count, first), .. Enumerable.Range(0, count),
            .. Enumerable.Range(count + first, picked.Shape.Rank - count - first)]);
    }

    private static (Tensor Tuples, Shape Broadcast) Tuples(ProgramContext c, Tensor?[] indices, int[] axes)
    {
        Shape broadcast = Shape.Scalar;
        foreach (int axis in axes)
            if (!Shape.TryBroadcast(broadcast, indices[axis]!.Shape, out broadcast))
                throw new UnsupportedOperatorException("Its indices do not broadcast.", "Check the exported program.");
        return (c.Concat(broadcast.Rank, [.. axes.Select(axis =>
            c.Reshape(Movement.Expand(c, indices[axis]!, broadcast), [.. broadcast, 1]))]), broadcast);
    }

    private static void Put(ProgramContext c)
    {
        Tensor x = c.Tensor("self"), values = c.Tensor("values", x.Type);
        if (!c.Flag("accumulate") && c.OptionalTensors("indices") is [{ Type: ElementType.Bool, IsConstant: false } mask]
            && values.Shape.ElementCount == 1)
        {
            Tensor wide = c.Reshape(mask, [.. mask.Shape, .. Enumerable.Repeat(1, x.Shape.Rank - mask.Shape.Rank)]);
            c.Result(c.Emit(new SelectV2(), wide, c.Reshape(values, Shape.Scalar), x));
            return;
        }
        Tensor?[] indices = Indices(c, x.Shape);
        int[] axes = [.. Enumerable.Range(0, indices.Length).Where(axis => indices[axis] is not null)];
        if (axes.Length == 0)
            throw new UnsupportedOperatorException("It has no indices.", "Check the exported program.");
        (Tensor tuples, Shape broadcast) = Tuples(c, indices, axes);
        int[] rest = [.. Enumerable.Range(0, x.Shape.Rank).Except(axes)], order = [.. axes, .. rest];
        int first = axes[^1] - axes[0] + 1 == axes.Length ? axes[0] : 0;
        Shape places = [.. rest.Take(first).Select(axis => x.Shape[axis]), .. broadcast, .. rest.Skip(first).Select(axis => x.Shape[axis])];
        Tensor updates = Movement.Expand(c, values, places);
        int count = broadcast.Rank;
        updates = c.Transpose(updates, [.. Enumerable.Range(first, count), .. Enumerable.Range(0, first),
            .. Enumerable.Range(first + count, places.Rank - first - count)]);
        Tensor changed = Scattering.Of(c, c.Transpose(x, order), c.Constant(tuples, "indices"), updates,
            c.Flag("accumulate") ? ScatterReduction.Add : ScatterReduction.None);
        c.Result(c.Transpose(changed, [.. Enumerable.Range(0, order.Length).Select(axis => Array.IndexOf(order, axis))]));
    }

    private static void ScatterAlong(ProgramContext c, string source, ScatterReduction reduction)
    {
        Tensor x = c.Tensor("self"), index = c.Tensor("index", ElementType.Int32);
        int axis = Axes.Of(c.Int("dim"), x.Shape.Rank);
        Tensor updates = c.Tensor(source, x.Type);
        if (index.Shape.Rank != x.Shape.Rank)
            throw new UnsupportedOperatorException($"An index {index.Shape} does not suit {x.Shape}.", "Check the exported program.");
        updates = updates.Shape.Rank == 0 ? Movement.Expand(c, updates, index.Shape)
            : c.Slice(updates, new int[x.Shape.Rank], [.. index.Shape]);
        if (index.Data is { } data)
            c.Result(Scattering.Of(c, x, Picking.Tuples(data, x.Shape, axis), updates, reduction));
        else if (reduction == ScatterReduction.Add)
            c.Result(c.Add(x, c.Emit(new ScatterNd(), Picking.Tuples(c, index, axis), updates, c.Integers([.. x.Shape]))));
        else
            c.Constant(index, "indices");
    }

    private static void PutSlices(ProgramContext c, Tensor updates)
    {
        Tensor x = c.Tensor("self");
        int axis = Axes.Of(c.Int("dim"), x.Shape.Rank);
        int[] places = c.Constant(c.Tensor("index"), "indices").ToInt32Array();
        if (x.Shape.Rank == 0 || updates.Shape != x.Shape.With(axis, places.Length))
            throw new UnsupportedOperatorException($"{updates.Shape} does not suit {places.Length} slices of {x.Shape}.",
                "Check the exported program.");
        int[] from = [.. Enumerable.Range(0, c.Listed(x.Shape[axis]))];
        for (int i = 0; i < places.Length; i++)
        {
            int place = places[i] < 0 ? places[i] + from.Length : places[i];
            if (place < 0 || place >= from.Length)
                throw new UnsupportedOperatorException($"The index {places[i]} is outside an axis of {from.Length}.",
                    "Check the exported program.");
            from[place] = from.Length + i;
        }
        c.Result(c.Emit(new Gather(axis), c.Concat(axis, [x, updates]), c.Integers(from)));
    }

    private static void OneHot(ProgramContext c)
    {
        Tensor index = c.Tensor("self", ElementType.Int32);
        int classes = c.Int("num_classes");
        if (classes < 1)
            throw new UnsupportedOperatorException("The number of classes depends on the values.", "Give one_hot the number of classes.");
        c.Result(c.Emit(new OneHot(), index, c.Scalar(c.Listed(classes)), c.Scalar(1), c.Scalar(0)));
    }
}
