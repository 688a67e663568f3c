using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering.Views;

/// <summary>A tensor of the model as a strided part of some storage. Sizes and strides (in bytes) go by the tensor's own axes.</summary>
internal sealed record View(NpuTensor Storage, ElementType Type, ImmutableArray<int> Sizes, ImmutableArray<long> Strides, long Offset)
{
    public int Rank => Sizes.Length;

    public int ElementBytes => Type.ByteSize();

    public long ElementCount
    {
        get
        {
            long count = 1;
            foreach (int size in Sizes)
                count *= size;
            return count;
        }
    }

    /// <summary>All of a storage.</summary>
    public static View Of(NpuTensor storage) => Dense(storage, storage.Type, [.. storage.Shape.Sizes], 0);

    /// <summary>A densely packed part of a storage.</summary>
    public static View Dense(NpuTensor storage, ElementType type, ImmutableArray<int> sizes, long offset)
    {
        var strides = new long[sizes.Length];
        long stride = type.ByteSize();
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        return new(storage, type, sizes, [.. strides], offset);
    }

    /// <summary>True if the elements lie one after the other in order.</summary>
    public bool IsDense
    {
        get
        {
            long stride = ElementBytes;
            for (int axis = Rank - 1; axis >= 0; axis--)
            {
                if (Sizes[axis] != 1 && Strides[axis] != stride)
                    return false;
                stride *= Sizes[axis];
            }
            return true;
        }
    }

    /// <summary>Every <paramref name="step"/>-th element along an axis.</summary>
    public View Slice(int axis, int start, int count, int step = 1) => this with
    {
        Sizes = Sizes.SetItem(axis, count),
        Strides = Strides.SetItem(axis, Strides[axis] * step),
        Offset = Offset + (start * Strides[axis]),
    };

    /// <summary>One element along an axis, which disappears.</summary>
    public View Select(int axis, int index) => this with
    {
        Sizes = Sizes.RemoveAt(axis),
        Strides = Strides.RemoveAt(axis),
        Offset = Offset + (index * Strides[axis]),
    };

    /// <summary>With an axis of size 1 put in.</summary>
    public View Insert(int axis) => this with { Sizes = Sizes.Insert(axis, 1), Strides = Strides.Insert(axis, 0) };

    /// <summary>The axis read from its end to its start.</summary>
    public View Reverse(int axis) => this with
    {
        Strides = Strides.SetItem(axis, -Strides[axis]),
        Offset = Offset + ((Sizes[axis] - 1) * Strides[axis]),
    };

    /// <summary>Axis i of the result is axis <c>permutation[i]</c>.</summary>
    public View Permute(ReadOnlySpan<int> permutation)
    {
        var sizes = ImmutableArray.CreateBuilder<int>(Rank);
        var strides = ImmutableArray.CreateBuilder<long>(Rank);
        foreach (int axis in permutation)
        {
            sizes.Add(Sizes[axis]);
            strides.Add(Strides[axis]);
        }
        return this with { Sizes = sizes.ToImmutable(), Strides = strides.ToImmutable() };
    }

    /// <summary>At least <paramref name="rank"/> axes, axes of size 1 put in front.</summary>
    public View WithRank(int rank)
    {
        View view = this;
        while (view.Rank < rank)
            view = view.Insert(0);
        return view;
    }

    /// <summary>The same elements in the same order under another shape, without moving them; null where that cannot be.</summary>
    public View? TryReshape(ReadOnlySpan<int> sizes)
    {
        // Runs of axes that lie one in the other are merged first, then cut anew.
        List<(long Size, long Stride)> runs = [];
        for (int axis = 0; axis < Rank; axis++)
        {
            if (Sizes[axis] == 1)
                continue;
            if (runs.Count > 0 && runs[^1].Stride == Strides[axis] * Sizes[axis])
                runs[^1] = (runs[^1].Size * Sizes[axis], Strides[axis]);
            else
                runs.Add((Sizes[axis], Strides[axis]));
        }
        var strides = new long[sizes.Length];
        int run = runs.Count - 1;
        long taken = 1;
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
        {
            if (run < 0 || sizes[axis] == 1)
            {
                strides[axis] = ElementBytes;
                continue;
            }
            strides[axis] = runs[run].Stride * taken;
            taken *= sizes[axis];
            if (runs[run].Size % taken != 0)
                return null;
            if (taken == runs[run].Size)
            {
                run--;
                taken = 1;
            }
        }
        return this with { Sizes = [.. sizes], Strides = [.. strides] };
    }

    /// <summary>The same axes with those of size 1 left out or put in, so that the sizes become the given ones.</summary>
    public View WithUnits(ReadOnlySpan<int> sizes)
    {
        var strides = new long[sizes.Length];
        int axis = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            strides[i] = ElementBytes;
            if (sizes[i] == 1)
                continue;
            while (Sizes[axis] == 1)
                axis++;
            strides[i] = Strides[axis++];
        }
        return this with { Sizes = [.. sizes], Strides = [.. strides] };
    }

    /// <summary>The elements seen as pieces of a smaller type, the pieces on a new last axis.</summary>
    public View AsPieces(ElementType type)
    {
        int pieces = Type.ByteSize() / type.ByteSize();
        return this with { Type = type, Sizes = Sizes.Add(pieces), Strides = Strides.Add(type.ByteSize()) };
    }

    /// <summary>Three axes as rows, columns and channels; the last one must have neighbours next to each other.</summary>
    public FeatureMap ToFeatureMap()
    {
        View view = WithRank(3);
        while (view.Rank > 3)
        {
            int unit = view.Sizes.IndexOf(1, 0, view.Rank - 3);
            if (unit < 0)
                throw new InvalidOperationException($"[{string.Join(", ", Sizes)}] of {Storage} is no map of rows, columns and channels");
            view = view.Select(unit, 0);
        }
        if (view.Sizes[2] != 1 && view.Strides[2] != ElementBytes)
            throw new InvalidOperationException($"channels of [{string.Join(", ", Sizes)}] of {Storage} do not lie next to each other");
        return new(Storage, Type, view.Sizes[0], view.Sizes[1], view.Sizes[2], view.Offset, view.Strides[0], view.Strides[1]);
    }
}
