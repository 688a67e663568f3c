using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>
/// Moves transpositions up and down through operators that do not care (tflite-kernels 5), wherever that leaves fewer of
/// them, or as many with fewer elements.
/// </summary>
internal static class TransposePushing
{
    // Each transposition looks at its surroundings anew: in graphs of thousands of them at no more than so many tensors and readers in all.
    private const int SmallWork = 8_000_000, WorkPerNode = 400;

    public static Graph Run(Graph graph, CancellationToken cancellation)
    {
        long work = SmallWork + ((long)WorkPerNode * graph.Nodes.Length);
        GraphPatch patch = new(graph);
        HashSet<object> touched = [];
        HashSet<Tensor> outputs = [.. graph.Outputs];
        HashSet<(Tensor, Arrangement, GrowthDirection)> rejected = [];
        foreach (Node node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Arrangement.Of(node) is not { } axes || touched.Contains(node))
                continue;
            LayoutRegion? best = null;
            foreach (GrowthDirection direction in (GrowthDirection[])[GrowthDirection.Down, GrowthDirection.Up, GrowthDirection.Both])
            {
                Try(node.Output, axes.Inverse(), direction);
                Try(node.Input(0), axes, direction);
            }
            if (best is null)
                continue;
            new RegionRewriter(graph, patch, best).Rewrite();
            touched.UnionWith(best.Nodes);
            touched.UnionWith(best.Transposes);
            touched.UnionWith(best.Tensors);

            void Try(Tensor seed, Arrangement order, GrowthDirection direction)
            {
                if (best is not null && best.After == default) // nothing is left to save
                    return;
                if (touched.Contains(seed) || seed.IsConstant || rejected.Contains((seed, order, direction)) || work < 0)
                    return;
                LayoutRegion region = LayoutRegion.Grow(graph, outputs, seed, order, direction, thing => !touched.Contains(thing));
                work -= region.Work;
                bool pays = region.Nodes.Count > 0 && region.After < region.Before && !region.Transposes.Exists(touched.Contains);
                if (!pays)
                {
                    rejected.Add((seed, order, direction));
                    if (direction == GrowthDirection.Both)
                        foreach (Tensor tensor in region.Tensors)
                            rejected.Add((tensor, region.AxesOf(tensor)!.Value, direction));
                }
                else if (best is null || region.After + best.Before < best.After + region.Before)
                {
                    best = region;
                }
            }
        }
        return patch.Apply();
    }
}
