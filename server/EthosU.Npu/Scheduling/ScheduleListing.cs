using System.Globalization;
using System.Text;
using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>What the compiler decided, as text, for whoever looks for a fault.</summary>
internal static class ScheduleListing
{
    /// <summary>A line for each node: where it runs, and what it is.</summary>
    public static string Placement(Graph graph, Func<Node, bool> onNpu) =>
        string.Join('\n', graph.Nodes.Select(node => $"{(onNpu(node) ? "npu" : "cpu")} {GraphListing.WriteNode(node)}"));

    /// <summary>A line for each operation of the NPU: its step, block, places and the node that it is part of.</summary>
    public static string Write(Schedule schedule)
    {
        Dictionary<int, (int Region, long Address)> copies = schedule.CopiesOfWeights();
        StringBuilder text = new();
        foreach (ScheduledRun run in schedule.Runs)
        {
            text.Append(CultureInfo.InvariantCulture, $"part {run.Part.Number}\n");
            foreach (PlannedOp planned in run.Ops)
            {
                NpuOp op = planned.Op;
                text.Append(CultureInfo.InvariantCulture, $"  {planned.Step} {op}");
                if (op.Kind != NpuOpKind.Dma)
                    text.Append(CultureInfo.InvariantCulture, $" block {planned.Block}");
                text.Append(" from ").AppendJoin(", ", op.Reads.Select(map => Place(schedule, map))).Append(" to ")
                    .Append(Place(schedule, op.Ofm));
                if (copies.TryGetValue(planned.Step, out (int Region, long Address) copy))
                    text.Append(CultureInfo.InvariantCulture, $" weights copied to {copy.Region}:0x{copy.Address:X}");
                text.Append(CultureInfo.InvariantCulture, $"  # {op.Node.Name}\n");
            }
        }
        return text.ToString();
    }

    private static string Place(Schedule schedule, FeatureMap map)
    {
        (int region, long address) = schedule.Places[map.Tensor];
        return string.Create(CultureInfo.InvariantCulture,
            $"{region}:0x{address:X} {map.Type.DisplayName()}[{map.Height}, {map.Width}, {map.Depth}]"
            + $"{(schedule.Bricks.Contains(map.Tensor) ? " bricks" : "")}");
    }
}
