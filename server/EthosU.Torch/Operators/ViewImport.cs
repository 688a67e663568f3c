using EthosU.Graphs;
using EthosU.Import;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Views: other sizes, orders of axes and parts of the same elements.</summary>
internal static class ViewImport
{
    private static readonly (string Target, string Arguments, Action<ProgramContext> Import)[] Plain =
    [
        ("alias.default", "self", Same), ("detach.default", "self", Same), ("lift_fresh.default", "self", Same),
        ("positive.default", "self", Same), ("detach_.default", "self", Same), ("lift.default", "self", Same),
        ("resolve_conj.default", "self", Same), ("resolve_neg.default", "self", Same),
        ("contiguous.default", "self, *, memory_format=0", Contiguous),
        ("view.default", "self, size", c => Reshape(c, "size")), ("_unsafe_view.default", "self, size", c => Reshape(c, "size")),
        ("reshape.default", "self, shape", c => Reshape(c, "shape")),
        ("_reshape_alias.default", "self, size, stride", c => Reshape(c, "size")),
        ("view_as.default", "self, other", ReshapeAs), ("reshape_as.default", "self, other", ReshapeAs),
        ("ravel.default", "self", c => c.Result(Views.Reshape(c, c.Operand("self"), [Count(c.Operand("self").Shape)]))),
        ("flatten.using_ints", "self, start_dim=0, end_dim=-1", Flatten), ("unflatten.int", "self, dim, sizes", Unflatten),
        ("squeeze.default", "self", c => c.Result(Views.Squeeze(c, c.Operand("self"), static _ => true))),
        ("squeeze.dim", "self, dim", Squeeze), ("squeeze.dims", "self, dim", Squeeze), ("unsqueeze.default", "self, dim", Unsqueeze),
        ("permute.default", "self, dims", Permute), ("transpose.int", "self, dim0, dim1", c => Swap(c, c.Int("dim0"), c.Int("dim1"))),
        ("swapdims.default", "self, dim0, dim1", c => Swap(c, c.Int("dim0"), c.Int("dim1"))),
        ("swapaxes.default", "self, axis0, axis1", c => Swap(c, c.Int("axis0"), c.Int("axis1"))),
        ("t.default", "self", SwapLast), ("mT.default", "self", SwapLast), ("mH.default", "self", SwapLast),
        ("adjoint.default", "self", SwapLast), ("H.default", "self", SwapLast), ("numpy_T.default", "self", Reverse),
        ("matrix_H.default", "self", SwapLast), ("movedim.int", "self, source, destination", Move),
        ("movedim.intlist", "self, source, destination", Move), ("moveaxis.int", "self, source, destination", Move),
        ("moveaxis.intlist", "self, source, destination", Move), ("select.int", "self, dim, index", Select),
        ("slice.Tensor", "self, dim=0, start=None, end=None, step=1", Slice), ("narrow.default", "self, dim, start, length", Narrow),
        ("expand.default", "self, size, *, implicit=False", c => c.Result(Views.Expand(c, c.Operand("self"), c.Ints("size")))),
        ("broadcast_to.default", "self, size", c => c.Result(Views.Expand(c, c.Operand("self"), c.Ints("size")))),
        ("expand_as.default", "self, other", c => c.Result(Views.Expand(c, c.Operand("self"), [.. c.Operand("other").Shape]))),
        ("split.Tensor", "self, split_size, dim=0", Split), ("split.sizes", "self, split_size, dim=0", c => SplitSizes(c, "split_size")),
        ("split_with_sizes.default", "self, split_sizes, dim=0", c => SplitSizes(c, "split_sizes")),
        ("chunk.default", "self, chunks, dim=0", Chunk), ("unbind.int", "self, dim=0", Unbind),
        ("tensor_split.sections", "self, sections, dim=0", c => Sections(c, c.Int("sections"), c.Int("dim"))),
        ("tensor_split.indices", "self, indices, dim=0", c => At(c, c.Ints("indices"), c.Int("dim"))),
        ("hsplit.int", "self, sections", c => Sections(c, c.Int("sections"), c.Operand("self").Shape.Rank == 1 ? 0 : 1)),
        ("hsplit.array", "self, indices", c => At(c, c.Ints("indices"), c.Operand("self").Shape.Rank == 1 ? 0 : 1)),
        ("vsplit.int", "self, sections", c => Sections(c, c.Int("sections"), 0)),
        ("vsplit.array", "self, indices", c => At(c, c.Ints("indices"), 0)),
        ("dsplit.int", "self, sections", c => Sections(c, c.Int("sections"), 2)),
        ("dsplit.array", "self, indices", c => At(c, c.Ints("indices"), 2)),
        ("diagonal.default", "self, offset=0, dim1=0, dim2=1", Diagonal), ("unfold.default", "self, dimension, size, step", Unfold),
        ("as_strided.default", "self, size, stride, storage_offset=None", Strided),
    ];

    private static readonly HashSet<string> Copied =
    [
        "alias", "detach", "view", "_reshape_alias", "squeeze", "unsqueeze", "permute", "transpose", "t", "select", "slice", "narrow",
        "expand", "split", "split_with_sizes", "unbind", "diagonal", "unfold", "as_strided",
    ];

    public static IEnumerable<OperatorImporter> Operators
    {
        get
        {
            foreach ((string target, string arguments, Action<ProgramContext> import) in Plain)
            {
                yield return new($"aten.{target}", arguments, import);
                string[] parts = target.Split('.');
                if (Copied.Contains(parts[0]))
                    yield return new($"aten.{parts[0]}_copy.{parts[1]}", arguments, c => Copy(c, import));
            }
        }
    }

    private static void Same(ProgramContext c) => c.Result(c.Operand("self"));

    private static void Copy(ProgramContext c, Action<ProgramContext> view)
    {
        view(c);
        Value[] views = [.. c.GivenResults.OfType<Value>()];
        c.ClearResults();
        foreach (Value value in views)
            c.Copy(value);
    }

    private static void Contiguous(ProgramContext c)
    {
        Value x = c.Operand("self");
        if (Views.IsContiguous(x))
            c.Result(x);
        else
            c.Copy(x);
    }

    private static int Count(Shape shape) => checked((int)shape.ElementCount);

    private static void Reshape(ProgramContext c, string name)
    {
        Value x = c.Operand("self");
        c.Result(Views.Reshape(c, x, Sizes(x.Shape, c.Ints(name), x.Shape.ElementCount)));
    }

    /// <summary>Sizes of which one may be −1, the rest.</summary>
    private static Shape Sizes(Shape from, int[] sizes, long count)
    {
        int open = Array.IndexOf(sizes, -1);
        int[] result = [.. sizes];
        if (open >= 0)
        {
            long known = sizes.Where((_, i) => i != open).Aggregate(1L, static (a, b) => checked(a * b));
            result[open] = known == 0 ? 0 : checked((int)(count / known));
        }
        return result.Any(static size => size < 0) ? throw new UnsupportedOperatorException(
            $"{from} does not fit into [{string.Join(", ", sizes)}].", "Check the exported program.") : new([.. result]);
    }

    private static void ReshapeAs(ProgramContext c) => c.Result(Views.Reshape(c, c.Operand("self"), c.Operand("other").Shape));

    private static void Flatten(ProgramContext c)
    {
        Value x = c.Operand("self");
        if (x.Shape.Rank == 0)
        {
            c.Result(Views.Reshape(c, x, [1]));
            return;
        }
        int first = x.Shape.NormalizeAxis(c.Int("start_dim")), last = x.Shape.NormalizeAxis(c.Int("end_dim"));
        if (last < first)
            throw new UnsupportedOperatorException($"{x.Shape} has no axes from {first} to {last}.", "Check the exported program.");
        int[] sizes = [.. x.Shape.Take(first), x.Shape.Skip(first).Take(last + 1 - first).Aggregate(1, static (a, b) => checked(a * b)),
            .. x.Shape.Skip(last + 1)];
        c.Result(first == last ? x : Views.Reshape(c, x, new([.. sizes])));
    }

    private static void Unflatten(ProgramContext c)
    {
        Value x = c.Operand("self");
        int axis = x.Shape.NormalizeAxis(c.Int("dim"));
        Shape parts = Sizes(x.Shape, c.Ints("sizes"), x.Shape[axis]);
        c.Result(Views.Reshape(c, x, [.. x.Shape.Take(axis), .. parts, .. x.Shape.Skip(axis + 1)]));
    }

    private static void Squeeze(ProgramContext c)
    {
        Value x = c.Operand("self");
        HashSet<int> axes = [.. Axes.Of(c.Ints("dim"), x.Shape.Rank)];
        c.Result(Views.Squeeze(c, x, axes.Contains));
    }

    private static void Unsqueeze(ProgramContext c)
    {
        Value x = c.Operand("self");
        c.Result(Views.Unsqueeze(c, x, Axes.Of(c.Int("dim"), x.Shape.Rank + 1)));
    }

    private static void Permute(ProgramContext c)
    {
        Value x = c.Operand("self");
        int[] order = [.. c.Ints("dims").Select(axis => Axes.Of(axis, x.Shape.Rank))];
        if (order.Length != x.Shape.Rank || order.Distinct().Count() != order.Length)
            throw new UnsupportedOperatorException($"[{string.Join(", ", order)}] is no order of the axes of {x.Shape}.",
                "Check the exported program.");
        c.Result(Views.Permute(c, x, order));
    }

    private static void Swap(ProgramContext c, int first, int second)
    {
        Value x = c.Operand("self");
        (first, second) = (Axes.Of(first, x.Shape.Rank), Axes.Of(second, x.Shape.Rank));
        c.Result(x.Shape.Rank == 0 ? x : Views.Permute(c, x,
            [.. Enumerable.Range(0, x.Shape.Rank).Select(axis => axis == first ? second : axis == second ? first : axis)]));
    }

    private static void SwapLast(ProgramContext c)
    {
        if (c.Operand("self").Shape.Rank < 2)
            Same(c);
        else
            Swap(c, -2, -1);
    }

    private static void Reverse(ProgramContext c)
    {
        Value x = c.Operand("self");
        c.Result(Views.Permute(c, x, [.. Enumerable.Range(0, x.Shape.Rank).Reverse()]));
    }

    private static void Move(ProgramContext c)
    {
        Value x = c.Operand("self");
        int[] from = Axes.Of(c.Ints("source"), x.Shape.Rank), to = Axes.Of(c.Ints("destination"), x.Shape.Rank);
        if (from.Length != to.Length || from.Distinct().Count() != from.Length || to.Distinct().Count() != to.Length)
            throw new UnsupportedOperatorException("Its axes are not equally many, or not different.", "Check the exported program.");
        int[] order = new int[x.Shape.Rank];
        Queue<int> rest = new(Enumerable.Range(0, order.Length).Except(from));
        for (int axis = 0; axis < order.Length; axis++)
            order[axis] = Array.IndexOf(to, axis) is >= 0 and var i ? from[i] : rest.Dequeue();
        c.Result(Views.Permute(c, x, order));
    }

    private static void Select(ProgramContext c)
    {
        Value x = c.Operand("self");
        c.Result(Views.Select(c, x, x.Shape.NormalizeAxis(c.Int("dim")), c.Int("index")));
    }

    private static void Slice(ProgramContext c)
    {
        Value x = c.Operand("self");
        int axis = x.Shape.NormalizeAxis(c.Int("dim")), step = c.Int("step");
        (int start, int count) = Axes.Range(x.Shape[axis], c.TryInt("start"), c.TryInt("end"), step);
        c.Result(Views.Part(c, x, axis, start, count, step));
    }

    private static void Narrow(ProgramContext c)
    {
        Value x = c.Operand("self");
        int axis = x.Shape.NormalizeAxis(c.Int("dim")), start = c.Int("start"), length = c.Int("length");
        start = start < 0 ? start + x.Shape[axis] : start;
        if (start < 0 || length < 0 || (long)start + length > x.Shape[axis])
            throw new UnsupportedOperatorException($"{length} elements from {start} on are not in an axis of {x.Shape[axis]}.",
                "Check the exported program.");
        c.Result(Views.Part(c, x, axis, start, length));
    }

    private static void Split(ProgramContext c)
    {
        Value x = c.Operand("self");
        int axis = x.Shape.NormalizeAxis(c.Int("dim"));
        Cut(c, x, axis, Axes.Pieces(x.Shape[axis], Math.Max(1, c.Int("split_size"))));
    }

    private static void SplitSizes(ProgramContext c, string name)
    {
        Value x = c.Operand("self");
        Cut(c, x, x.Shape.NormalizeAxis(c.Int("dim")), c.Ints(name));
    }

    private static void Chunk(ProgramContext c)
    {
        Value x = c.Operand("self");
        int axis = x.Shape.NormalizeAxis(c.Int("dim")), size = x.Shape[axis], chunks = Math.Max(1, c.Int("chunks"));
        Cut(c, x, axis, Axes.Pieces(size, Math.Max(1, (int)(((long)size + chunks - 1) / chunks))));
    }

    private static void Sections(ProgramContext c, int sections, int dim)
    {
        Value x = c.Operand("self");
        int axis = x.Shape.NormalizeAxis(dim), size = x.Shape[axis];
        if (sections < 1 || sections > c.Listed(size))
            throw new UnsupportedOperatorException($"{sections} parts of {size} elements are not possible.", "Check the exported program.");
        Cut(c, x, axis, [.. Enumerable.Range(0, sections).Select(i => (size / sections) + (i < size % sections ? 1 : 0))]);
    }

    private static void At(ProgramContext c, int[] indices, int dim)
    {
        Value x = c.Operand("self");
        int axis = x.Shape.NormalizeAxis(dim), size = x.Shape[axis];
        int[] ends = [.. indices.Select(i => Math.Clamp(i < 0 ? i + size : i, 0, size)), size], starts = [0, .. ends[..^1]];
        for (int i = 0; i < ends.Length; i++)
            c.Result(Views.Part(c, x, axis, starts[i], Math.Max(0, ends[i] - starts[i])));
    }

    private static void Cut(ProgramContext c, Value x, int axis, int[] sizes)
    {
        if (sizes.Any(static size => size < 0) || sizes.Sum(static size => (long)size) != x.Shape[axis])
            throw new UnsupportedOperatorException($"Parts of [{string.Join(", ", sizes)}] are not an axis of {x.Shape[axis]}.",
                "Check the exported program.");
        int start = 0;
        foreach (int size in sizes)
        {
            c.Result(Views.Part(c, x, axis, start, size));
            start += size;
        }
    }

    private static void Unbind(ProgramContext c)
    {
        Value x = c.Operand("self");
        int axis = x.Shape.NormalizeAxis(c.Int("dim"));
        for (int i = 0; i < c.Listed(x.Shape[axis]); i++)
            c.Result(Views.Select(c, x, axis, i));
    }

    private static void Diagonal(ProgramContext c)
    {
        Value x = c.Operand("self");
        int first = x.Shape.NormalizeAxis(c.Int("dim1")), second = x.Shape.NormalizeAxis(c.Int("dim2")), offset = c.Int("offset");
        if (first == second)
            throw new UnsupportedOperatorException("A diagonal along one axis is not possible.", "Check the exported program.");
        long size = offset >= 0 ? Math.Min(x.Shape[first], (long)x.Shape[second] - offset)
            : Math.Min((long)x.Shape[first] + offset, x.Shape[second]);
        if (size < 1)
            throw new UnsupportedOperatorException($"{x.Shape} has no diagonal {offset}.", "Check the exported program.");
        long start = offset >= 0 ? offset * x.Strides[second] : -offset * x.Strides[first];
        int[] rest = [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => axis != first && axis != second)];
        c.Result(Views.Strided(c, x, [.. rest.Select(axis => x.Shape[axis]), (int)size],
            [.. rest.Select(axis => (int)x.Strides[axis]), (int)(x.Strides[first] + x.Strides[second])], (int)(x.Offset + start)));
    }

    private static void Unfold(ProgramContext c)
    {
        Value x = c.Operand("self");
        int axis = x.Shape.NormalizeAxis(c.Int("dimension")), size = c.Int("size"), step = c.Int("step");
        if (size < 1 || step < 1 || size > x.Shape[axis])
            throw new UnsupportedOperatorException($"Windows of {size} in steps of {step} are not possible over {x.Shape[axis]} elements.",
                "Check the exported program.");
        c.Result(Views.Strided(c, x, [.. x.Shape.With(axis, ((x.Shape[axis] - size) / step) + 1), size],
            [.. x.Strides.SetItem(axis, x.Strides[axis] * step).Add(x.Strides[axis]).Select(static s => (int)s)], (int)x.Offset));
    }

    private static void Strided(ProgramContext c)
    {
        int[] sizes = c.Ints("size"), strides = c.Ints("stride");
        if (sizes.Length != strides.Length || sizes.Any(static size => size < 0))
            throw new UnsupportedOperatorException("Its sizes and strides are not possible.", "Check the exported program.");
        c.Result(Views.Strided(c, c.Operand("self"), new([.. sizes]), strides, c.TryInt("storage_offset")));
    }
}
