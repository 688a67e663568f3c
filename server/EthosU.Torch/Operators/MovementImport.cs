using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Operators that cut, join, turn and repeat tensors, and give new ones.</summary>
internal static class MovementImport
{
    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.cat.default", "tensors, dim=0", static c => Join(c, c.Int("dim"))),
        new("aten.concat.default", "tensors, dim=0", static c => Join(c, c.Int("dim"))),
        new("aten.concatenate.default", "tensors, dim=0", static c => Join(c, c.Int("dim"))),
        new("aten.stack.default", "tensors, dim=0", Stack),
        new("aten.hstack.default", "tensors", static c => Join(c, c.Tensors("tensors").All(static x => x.Shape.Rank <= 1) ? 0 : 1, 1)),
        new("aten.vstack.default", "tensors", static c => Join(c, 0, 2)),
        new("aten.row_stack.default", "tensors", static c => Join(c, 0, 2)),
        new("aten.dstack.default", "tensors", static c => Join(c, 2, 3)), new("aten.column_stack.default", "tensors", Columns),
        new("aten.clone.default", "self, *, memory_format=None", static c => c.Copy(c.Operand("self"))),
        new("aten.repeat.default", "self, repeats", static c => Tile(c, c.Ints("repeats"))),
        new("aten.tile.default", "self, dims", static c => Tile(c, c.Ints("dims"))),
        new("aten.repeat_interleave.self_int", "self, repeats, dim=None, *, output_size=None", Interleave),
        new("aten.flip.default", "self, dims", static c => Flip(c, c.Ints("dims"))),
        new("aten.fliplr.default", "self", static c => Flip(c, [1])), new("aten.flipud.default", "self", static c => Flip(c, [0])),
        new("aten.roll.default", "self, shifts, dims=[]", Roll), new("aten.rot90.default", "self, k=1, dims=[0, 1]", Turn),
        new("aten.meshgrid.default", "tensors", static c => Grid(c, false)),
        new("aten.meshgrid.indexing", "tensors, *, indexing", static c => Grid(c, c.Text("indexing") == "xy")),
        new("aten.broadcast_tensors.default", "tensors", Broadcast), new("aten.cartesian_prod.default", "tensors", Pairs),
        new("aten.pixel_shuffle.default", "self, upscale_factor", static c =>
            c.Result(Batched(c, x => SpaceBlocks.FromDepth(c, x, c.Int("upscale_factor"), true)))),
        new("aten.pixel_unshuffle.default", "self, downscale_factor", static c =>
            c.Result(Batched(c, x => SpaceBlocks.ToDepth(c, x, c.Int("downscale_factor"), true)))),
        new("aten.channel_shuffle.default", "self, groups", ShuffleChannels),
        new("aten.slice_scatter.default", "self, src, dim=0, start=None, end=None, step=1", ScatterSlice),
        new("aten.select_scatter.default", "self, src, dim, index", ScatterSelect),
        new("aten.copy.default", "self, src, non_blocking=False", static c => c.Result(Copied(c))),
        new("aten.diff.default", "self, n=1, dim=-1, prepend=None, append=None", Differences),
        new("aten.im2col.default", "self, kernel_size, dilation, padding, stride", Columns2d),
        new("aten.block_diag.default", "tensors", BlockDiagonal),
    ];

    /// <summary>An image with a batch, whether or not it has one.</summary>
    private static Tensor Batched(ProgramContext c, Func<Tensor, Tensor> apply)
    {
        Tensor x = c.Tensor("self");
        if (x.Shape.Rank < 3)
            throw new UnsupportedOperatorException($"{x.Shape} is no image.", "Check the exported program.");
        int before = x.Shape.Rank - 3, count = x.Shape.Take(before).Aggregate(1, static (a, b) => checked(a * b));
        Tensor y = apply(c.Reshape(x, [count, .. x.Shape.Skip(before)]));
        return c.Reshape(y, [.. x.Shape.Take(before), .. y.Shape.Skip(1)]);
    }

    private static Tensor[] Alike(ProgramContext c)
    {
        ElementType type = c.ResultType();
        return [.. c.Tensors("tensors").Select(x => c.Convert(x, type))];
    }

    private static void Join(ProgramContext c, int axis, int rank = 0)
    {
        // Empty vectors go with everything: torch allows it of old.
        Tensor[] parts = [.. Alike(c).Where(static x => x.Shape.Rank != 1 || x.Shape[0] != 0)
            .Select(x => rank > x.Shape.Rank ? Widened(c, x, rank) : x)];
        parts = [.. parts.Length > 1 && parts.Any(static x => x.Shape.ElementCount > 0)
            ? parts.Where(static x => x.Shape.ElementCount > 0) : parts];
        if (parts.Length == 0)
            throw new UnsupportedOperatorException("It joins nothing.", "Check the exported program.");
        c.Result(c.Concat(Axes.Of(axis, parts[0].Shape.Rank), parts));
    }

    /// <summary>At least so many axes, as atleast_2d and atleast_3d put them in.</summary>
    private static Tensor Widened(ProgramContext c, Tensor x, int rank) => c.Reshape(x, (rank, x.Shape.Rank) switch
    {
        (_, 0) => [.. Enumerable.Repeat(1, rank)],
        (1, _) => x.Shape,
        (2, 1) => [1, x.Shape[0]],
        (_, 1) => [1, x.Shape[0], 1],
        _ => [.. x.Shape, 1],
    });

    private static void Columns(ProgramContext c) => c.Result(c.Concat(1,
        [.. Alike(c).Select(x => x.Shape.Rank > 1 ? x : c.Reshape(x, [checked((int)x.Shape.ElementCount), 1]))]));

    private static void Stack(ProgramContext c)
    {
        Tensor[] parts = Alike(c);
        if (parts.Length == 0 || parts.Any(x => x.Shape != parts[0].Shape))
            throw new UnsupportedOperatorException("Its operands have different sizes.", "Check the exported program.");
        int axis = Axes.Of(c.Int("dim"), parts[0].Shape.Rank + 1);
        c.Result(c.Concat(axis, [.. parts.Select(x => c.Reshape(x, new(x.Shape.Sizes.Insert(axis, 1))))]));
    }

    private static void Tile(ProgramContext c, int[] repeats)
    {
        Tensor x = c.Tensor("self");
        int rank = Math.Max(x.Shape.Rank, repeats.Length);
        x = c.Reshape(x, [.. Enumerable.Repeat(1, rank - x.Shape.Rank), .. x.Shape]);
        int[] times = [.. Enumerable.Repeat(1, rank - repeats.Length), .. repeats];
        if (times.Any(static n => n < 0))
            throw new UnsupportedOperatorException("A number of copies is negative.", "Check the exported program.");
        c.Result(times.All(static n => n == 1) ? x : c.Emit(new Tile(), x, c.Integers(times)));
    }

    private static void Interleave(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        if (c.TryInt("dim") is not { } dim)
        {
            x = c.Reshape(x, [checked((int)x.Shape.ElementCount)]);
            dim = 0;
        }
        c.Result(Movement.RepeatEach(c, x, Axes.Of(dim, x.Shape.Rank), Math.Max(0, c.Int("repeats"))));
    }

    private static void Flip(ProgramContext c, int[] dims)
    {
        Tensor x = c.Tensor("self");
        foreach (int axis in Axes.Of(dims, x.Shape.Rank))
            x = x.Shape.Rank == 0 ? x : c.Emit(new ReverseV2(), x, c.Integers(axis));
        c.Result(x);
    }

    private static void Roll(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        int[] shifts = c.Ints("shifts"), dims = c.Ints("dims");
        if (dims.Length == 0)
        {
            if (shifts.Length != 1)
                throw new UnsupportedOperatorException("Its shifts and axes are not equally many.", "Check the exported program.");
            c.Result(c.Reshape(Rolled(c, c.Reshape(x, [checked((int)x.Shape.ElementCount)]), 0, shifts[0]), x.Shape));
            return;
        }
        if (shifts.Length != dims.Length)
            throw new UnsupportedOperatorException("Its shifts and axes are not equally many.", "Check the exported program.");
        for (int i = 0; i < dims.Length; i++)
            x = Rolled(c, x, Axes.Of(dims[i], x.Shape.Rank), shifts[i]);
        c.Result(x);
    }

    private static Tensor Rolled(ProgramContext c, Tensor x, int axis, int shift)
    {
        if (x.Shape.Rank == 0 || x.Shape[axis] == 0)
            return x;
        int size = x.Shape[axis], by = ((shift % size) + size) % size;
        return by == 0 ? x : c.Concat(axis, [c.SliceAxis(x, axis, size - by, by), c.SliceAxis(x, axis, 0, size - by)]);
    }

    private static void Turn(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        int[] dims = Axes.Of(c.Ints("dims"), x.Shape.Rank);
        if (dims is not [var a, var b] || a == b)
            throw new UnsupportedOperatorException("It does not turn in two axes.", "Check the exported program.");
        int[] swap = [.. Enumerable.Range(0, x.Shape.Rank).Select(axis => axis == a ? b : axis == b ? a : axis)];
        c.Result((((c.Int("k") % 4) + 4) % 4) switch
        {
            1 => c.Transpose(c.Emit(new ReverseV2(), x, c.Integers(b)), swap),
            2 => c.Emit(new ReverseV2(), c.Emit(new ReverseV2(), x, c.Integers(a)), c.Integers(b)),
            3 => c.Emit(new ReverseV2(), c.Transpose(x, swap), c.Integers(b)),
            _ => x,
        });
    }

    private static void Grid(ProgramContext c, bool xy)
    {
        Tensor[] parts = c.Tensors("tensors");
        if (parts.Any(static x => x.Shape.Rank > 1))
            throw new UnsupportedOperatorException("A grid is made of vectors.", "Check the exported program.");
        int[] place = [.. Enumerable.Range(0, parts.Length)];
        if (xy && place.Length > 1)
            (place[0], place[1]) = (1, 0);
        int[] sizes = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            sizes[place[i]] = checked((int)parts[i].Shape.ElementCount);
        Shape shape = new([.. sizes]);
        GraphEmitter.RequireSize(shape);
        for (int i = 0; i < parts.Length; i++)
            c.Result(Movement.Expand(c, c.Reshape(parts[i], [.. sizes.Select((size, axis) => axis == place[i] ? size : 1)]), shape));
    }

    private static void Broadcast(ProgramContext c)
    {
        Tensor[] parts = c.Tensors("tensors");
        Shape shape = Shape.Scalar;
        foreach (Tensor x in parts)
            if (!Shape.TryBroadcast(shape, x.Shape, out shape))
                throw new UnsupportedOperatorException("Its operands do not broadcast.", "Check the exported program.");
        foreach (Tensor x in parts)
            c.Result(Movement.Expand(c, x, shape));
    }

    private static void Pairs(ProgramContext c)
    {
        Tensor[] parts = c.Tensors("tensors");
        if (parts.Length == 1)
        {
            c.Result(parts[0]);
            return;
        }
        int[] sizes = [.. parts.Select(static x => checked((int)x.Shape.ElementCount))];
        Shape shape = new([.. sizes]);
        GraphEmitter.RequireSize(shape);
        int count = checked((int)shape.ElementCount);
        c.Result(c.Concat(1, [.. parts.Select((x, i) => c.Reshape(Movement.Expand(c,
            c.Reshape(x, [.. sizes.Select((size, axis) => axis == i ? size : 1)]), shape), [count, 1]))]));
    }

    private static void ShuffleChannels(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        int groups = c.Int("groups");
        if (x.Shape.Rank < 3 || groups < 1 || x.Shape[1] % groups != 0)
            throw new UnsupportedOperatorException($"{x.Shape} has no {groups} groups of channels.", "Check the exported program.");
        int[] rest = [.. x.Shape.Skip(2)];
        Tensor split = c.Reshape(x, [x.Shape[0], groups, x.Shape[1] / groups, checked(rest.Aggregate(1, static (a, b) => a * b))]);
        c.Result(c.Reshape(c.Transpose(split, 0, 2, 1, 3), x.Shape));
    }

    private static void ScatterSlice(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        int axis = Axes.Of(c.Int("dim"), x.Shape.Rank), step = c.Int("step");
        (int start, int count) = Axes.Range(x.Shape[axis], c.TryInt("start"), c.TryInt("end"), step);
        Tensor part = Movement.Expand(c, c.Tensor("src", x.Type), x.Shape.With(axis, count));
        c.Result(Replacing.Slices(c, x, part, axis, start, step));
    }

    private static void ScatterSelect(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        int axis = x.Shape.NormalizeAxis(c.Int("dim")), index = c.Int("index");
        index = index < 0 ? index + x.Shape[axis] : index;
        if (index < 0 || index >= x.Shape[axis])
            throw new UnsupportedOperatorException($"The index {index} is outside an axis of {x.Shape[axis]}.",
                "Check the exported program.");
        c.Result(Replacing.Slices(c, x, c.Reshape(c.Tensor("src", x.Type), x.Shape.With(axis, 1)), axis, index, 1));
    }

    private static Tensor Copied(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        return Movement.Expand(c, c.Tensor("src", x.Type), x.Shape);
    }

    private static void Differences(ProgramContext c)
    {
        Tensor x = c.Tensor("self", c.ResultType());
        int axis = Axes.Of(c.Int("dim"), x.Shape.Rank);
        Tensor[] parts = [.. ((Tensor?[])[c.TryTensor("prepend"), x, c.TryTensor("append")]).OfType<Tensor>()];
        x = c.Concat(axis, parts);
        for (int i = 0; i < Math.Min(c.Int("n"), x.Shape[axis]); i++)
            x = c.Sub(c.SliceAxis(x, axis, 1, x.Shape[axis] - 1), c.SliceAxis(x, axis, 0, x.Shape[axis] - 1));
        c.Result(x);
    }

    /// <summary>The windows of an image as columns [N, C · cells, windows].</summary>
    private static void Columns2d(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        int[] kernel = ConvolutionImport.Each(c, "kernel_size", 2), dilation = ConvolutionImport.Each(c, "dilation", 2),
            padding = ConvolutionImport.Each(c, "padding", 2), stride = ConvolutionImport.Each(c, "stride", 2);
        if (x.Shape.Rank != 4)
            throw new UnsupportedOperatorException($"{x.Shape} is no batch of images.", "Give images with a batch axis.");
        Window window = Window.Over(new() { Strides = stride, Dilations = dilation, Begin = padding, End = padding }, kernel, x.Shape);
        Tensor padded = padding.All(static p => p == 0) ? x
            : Padded.ByConstant(c, x, [0, 0, padding[0], padding[1]], [0, 0, padding[0], padding[1]], 0);
        List<Tensor> cells = [];
        int outputs = checked(window.Output[0] * window.Output[1]);
        _ = c.Listed((long)kernel[0] * kernel[1]);
        for (int row = 0; row < kernel[0]; row++)
            for (int column = 0; column < kernel[1]; column++)
            {
                int[] first = [row * dilation[0], column * dilation[1]];
                int[] behind = [.. first.Select((f, i) => f + ((window.Output[i] - 1) * stride[i]) + 1)];
                Tensor cell = Slicing.Of(c, padded, [2, 3], first, behind, stride);
                cells.Add(c.Reshape(cell, [x.Shape[0], x.Shape[1], 1, outputs]));
            }
        c.Result(c.Reshape(c.Concat(2, cells), [x.Shape[0], checked(x.Shape[1] * cells.Count), outputs]));
    }

    private static void BlockDiagonal(ProgramContext c)
    {
        Tensor[] parts = [.. Alike(c).Select(x => Widened(c, x, 2))];
        int columns = parts.Sum(static x => x.Shape[1]), before = 0;
        List<Tensor> rows = [];
        foreach (Tensor x in parts)
        {
            rows.Add(Padded.ByConstant(c, x, [0, before], [0, columns - before - x.Shape[1]], 0));
            before += x.Shape[1];
        }
        c.Result(c.Concat(0, rows));
    }
}
