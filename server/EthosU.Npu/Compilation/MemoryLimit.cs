using System.Globalization;
using EthosU.Graphs;
using EthosU.Npu.Scheduling;

namespace EthosU.Npu.Compilation;

/// <summary>What to say where no schedule fits in the memory that is given: what the smallest takes, and which layers need it.</summary>
internal static class MemoryLimit
{
    private const string Rule = "compile-memory-limit";
    private const int MostNamed = 3;

    /// <summary>The finding; none if the schedule fits.</summary>
    public static IEnumerable<Finding> Findings(Schedule schedule)
    {
        long size = schedule.Target.IsSpilling ? schedule.Memory.FastSize : schedule.Memory.ArenaSize,
            limit = schedule.Target.ArenaCacheSize;
        if (size <= limit)
            yield break;
        List<(Node Node, long Bytes)> layers = Layers(schedule, limit);
        string memory = schedule.Target.IsSpilling ? "fast memory" : "tensor arena",
            named = string.Join(", ", layers.Take(MostNamed).Select(static layer => Describe(layer.Node, layer.Bytes))),
            more = layers.Count > MostNamed ? $" and {layers.Count - MostNamed} more" : "";
        yield return new(Rule, FindingSeverity.Warning,
            string.Create(CultureInfo.InvariantCulture,
                $"No schedule was found that fits in {limit} bytes of {memory}: the smallest takes {size}.")
                + (layers.Count > 0 ? $" Needed by {named}{more}." : ""),
            string.Create(CultureInfo.InvariantCulture,
                $"Give {size} bytes, or make the feature maps of these layers smaller: a lower resolution, a stride, fewer channels."),
            layers.Count > 0 ? layers[0].Node.Source : Source.None)
        {
            Operator = layers.Count > 0 ? layers[0].Node.Operator.Name : null,
        };
    }

    /// <summary>
    /// The layers at which more is needed at once than is given, the largest first; where it is gaps between the pieces that take too much,
    /// the layer that needs the most.
    /// </summary>
    private static List<(Node Node, long Bytes)> Layers(Schedule schedule, long limit)
    {
        long[] live = Live(schedule);
        Dictionary<Node, long> needed = [];
        foreach (PlannedOp op in schedule.Runs.SelectMany(static run => run.Ops))
            needed[op.Op.Node] = Math.Max(needed.GetValueOrDefault(op.Op.Node), live[op.Step]);
        List<(Node Node, long Bytes)> layers = [.. needed.Select(static pair => (pair.Key, pair.Value))
            .OrderByDescending(static layer => layer.Value).ThenBy(layer => schedule.Order.IndexOf(layer.Key))];
        int over = layers.Count(layer => layer.Bytes > limit);
        return layers[..Math.Min(layers.Count, Math.Max(1, over))];
    }

    /// <summary>Bytes of the memory that are in use at each step; what lies at the same place counts once.</summary>
    private static long[] Live(Schedule schedule)
    {
        var live = new long[schedule.StepCount + 2];
        for (int step = 0; step < live.Length; step++)
        {
            long end = 0;
            foreach ((long offset, long size) in schedule.Memory.Tensors
                .Where(tensor => tensor.IsFast == schedule.Target.IsSpilling && tensor.FirstStep <= step && step <= tensor.LastStep)
                .Select(static tensor => (tensor.Offset, tensor.Size)).Order())
            {
                live[step] += Math.Max(0, offset + size - Math.Max(end, offset));
                end = Math.Max(end, offset + size);
            }
        }
        return live;
    }

    private static string Describe(Node node, long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{node.Operator.Name} '{node.Name}' ({bytes} bytes at once)");
}
