using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>Cuts operands of operations that work element by element into maps of rows, columns and channels.</summary>
internal static class Pointwise
{
    /// <summary>Largest size of an axis of one operation.</summary>
    public const int MaxAxis = 65536;

    /// <summary>
    /// Feature maps of one operation each, together covering all elements. The last view is the result and has the full shape; in the
    /// others an axis of size 1 repeats.
    /// </summary>
    public static IEnumerable<FeatureMap[]> Split(params View[] views)
    {
        int rank = Math.Max(3, views.Max(v => v.Rank));
        View[] work = [.. views.Select(v => v.WithRank(rank))];
        if (work[^1].Rank > 3)
            work = DropUnits(work);
        for (int axis = work[^1].Rank - 2; axis > 0 && work[^1].Rank > 3; axis--)
            work = TryMerge(work, axis - 1);
        bool channels = work.All(v => v.Sizes[^1] == 1 || v.Strides[^1] == v.ElementBytes);
        if (!channels)
        {
            // Any axis whose elements are next to each other in all operands can serve as channels; without one there is one channel.
            int dense = -1;
            for (int axis = 0; axis < work[^1].Rank; axis++)
                if (work[^1].Sizes[axis] > 1 && work.All(v => v.Sizes[axis] == 1 || v.Strides[axis] == v.ElementBytes))
                    dense = axis;
            work = dense >= 0 ? [.. work.Select(v => MoveToEnd(v, dense))] : [.. work.Select(v => v.Insert(v.Rank))];
            if (work[^1].Rank > 3)
                work = DropUnits(work);
            for (int axis = work[^1].Rank - 2; axis > 0 && work[^1].Rank > 3; axis--)
                work = TryMerge(work, axis - 1);
        }
        return Cut(work);
    }

    private static View MoveToEnd(View view, int axis)
    {
        int[] order = [.. Enumerable.Range(0, view.Rank).Where(a => a != axis), axis];
        return view.Permute(order);
    }

    private static View[] DropUnits(View[] views)
    {
        for (int axis = 0; axis < views[^1].Rank - 1 && views[^1].Rank > 3;)
        {
            int a = axis;
            if (views[^1].Sizes[a] == 1)
                views = [.. views.Select(v => v.Select(a, 0))];
            else
                axis++;
        }
        return views;
    }

    /// <summary>Makes one axis of two if that is possible in all operands.</summary>
    private static View[] TryMerge(View[] views, int axis)
    {
        foreach (View view in views)
        {
            bool single = view.Sizes[axis] == 1 && view.Sizes[axis + 1] == 1;
            bool full = view.Sizes[axis] == views[^1].Sizes[axis] && view.Sizes[axis + 1] == views[^1].Sizes[axis + 1];
            if (!single && !(full && view.Strides[axis] == view.Strides[axis + 1] * view.Sizes[axis + 1]))
                return views;
            if ((long)view.Sizes[axis] * view.Sizes[axis + 1] > MaxAxis)
                return views;
        }
        return [.. views.Select(v => v with
        {
            Sizes = v.Sizes.SetItem(axis + 1, v.Sizes[axis] * v.Sizes[axis + 1]).RemoveAt(axis),
            Strides = v.Strides.RemoveAt(axis),
        })];
    }

    private static IEnumerable<FeatureMap[]> Cut(View[] views)
    {
        View shape = views[^1];
        if (shape.Rank > 3)
        {
            // The two longest axes before the channels are the operation's own; the shortest other one is stepped through.
            int shortest = 0;
            for (int axis = 1; axis < shape.Rank - 1; axis++)
                if (shape.Sizes[axis] < shape.Sizes[shortest])
                    shortest = axis;
            for (int i = 0; i < shape.Sizes[shortest]; i++)
                foreach (FeatureMap[] maps in Cut([.. views.Select(v => v.Select(shortest, v.Sizes[shortest] == 1 ? 0 : i))]))
                    yield return maps;
            yield break;
        }
        for (int axis = 0; axis < 3; axis++)
        {
            int size = shape.Sizes[axis];
            if (size <= MaxAxis)
                continue;
            for (int start = 0; start < size; start += MaxAxis)
            {
                int first = start, count = Math.Min(MaxAxis, size - start), cut = axis;
                foreach (FeatureMap[] maps in Cut([.. views.Select(v => v.Sizes[cut] == 1 ? v : v.Slice(cut, first, count))]))
                    yield return maps;
            }
            yield break;
        }
        yield return [.. views.Select(v => v.ToFeatureMap())];
    }
}
