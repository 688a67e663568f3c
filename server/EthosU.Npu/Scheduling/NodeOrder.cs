using EthosU.Graphs;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Puts nodes in an order in which they can run with few changes between CPU and NPU, and with little memory in use at once
/// (npu-operators 4.3; npu-scheduling 3.2).
/// </summary>
internal sealed class NodeOrder
{
    private readonly Graph graph;
    private readonly Node[] nodes;
    private readonly Dictionary<Node, int> index = [];
    private readonly List<int>[] needs, feeds;
    private readonly bool[] onNpu;

    private NodeOrder(Graph graph, Func<Node, bool> onNpu)
    {
        this.graph = graph;
        nodes = [.. graph.Nodes];
        needs = new List<int>[nodes.Length];
        feeds = new List<int>[nodes.Length];
        this.onNpu = new bool[nodes.Length];
        int stateful = -1;
        for (int i = 0; i < nodes.Length; i++)
        {
            index[nodes[i]] = i;
            (needs[i], feeds[i]) = ([], []);
            this.onNpu[i] = onNpu(nodes[i]);
        }
        for (int i = 0; i < nodes.Length; i++)
        {
            foreach (Tensor? input in nodes[i].Inputs)
                if (input is not null && graph.Producer(input) is { } producer)
                    Link(index[producer], i);
            // What has effects beside its results keeps its place among its like.
            if (nodes[i].Operator is VarHandle or ReadVariable or AssignVariable or CallOnce or If or While)
            {
                if (stateful >= 0)
                    Link(stateful, i);
                stateful = i;
            }
        }
    }

    /// <summary>The nodes in the best order found.</summary>
    public static Node[] Find(Graph graph, Func<Node, bool> onNpu)
    {
        NodeOrder order = new(graph, onNpu);
        (int Runs, long Peak) best = (int.MaxValue, long.MaxValue);
        int[] result = [];
        foreach (int[] priorities in order.Priorities())
        {
            int[] candidate = order.Schedule(priorities);
            (int, long) cost = (order.Runs(candidate), order.Peak(candidate));
            if (cost.CompareTo(best) < 0)
                (best, result) = (cost, candidate);
        }
        return [.. result.Select(i => order.nodes[i])];
    }

    private void Link(int from, int to)
    {
        if (feeds[from].Count > 0 && feeds[from][^1] == to) // a node's links are made in one go
            return;
        needs[to].Add(from);
        feeds[from].Add(to);
    }

    /// <summary>Priorities of the nodes: the model's own order, depth first from the results, least growth of memory first.</summary>
    private IEnumerable<int[]> Priorities()
    {
        int[] own = [.. Enumerable.Range(0, nodes.Length)];
        yield return own;
        yield return DepthFirst();
        yield return LeastMemory();
    }

    private int[] DepthFirst()
    {
        var rank = new int[nodes.Length];
        Array.Fill(rank, -1);
        int next = 0;
        Stack<(int Node, int Child)> stack = new();
        foreach (Tensor output in graph.Outputs)
            if (graph.Producer(output) is { } producer)
                Visit(index[producer]);
        for (int i = 0; i < nodes.Length; i++)
            Visit(i);
        return rank;

        void Visit(int root)
        {
            if (rank[root] >= 0)
                return;
            stack.Push((root, 0));
            while (stack.TryPop(out (int Node, int Child) top))
            {
                if (rank[top.Node] >= 0)
                    continue;
                if (top.Child < needs[top.Node].Count)
                {
                    stack.Push((top.Node, top.Child + 1));
                    if (rank[needs[top.Node][top.Child]] < 0)
                        stack.Push((needs[top.Node][top.Child], 0));
                }
                else
                    rank[top.Node] = next++;
            }
        }
    }

    private int[] LeastMemory()
    {
        var rank = new int[nodes.Length];
        int[] missing = [.. needs.Select(list => list.Count)];
        Dictionary<Tensor, int> readers = [];
        foreach (Node node in nodes)
            foreach (Tensor input in Read(node))
                readers[input] = readers.GetValueOrDefault(input) + 1;
        Array.Fill(rank, -1);
        var growth = new long[nodes.Length];
        var since = new int[nodes.Length]; // when a node became ready; −1 before
        Array.Fill(since, -1);
        int count = 0;
        PriorityQueue<int, (long Growth, int Since)> ready = new(); // a node whose growth became less stands in it again
        for (int i = 0; i < nodes.Length; i++)
            if (missing[i] == 0)
                Add(i);
        for (int turn = 0; turn < nodes.Length; turn++)
        {
            int pick;
            while (rank[pick = ready.Dequeue()] >= 0)
                continue;
            rank[pick] = turn;
            foreach (Tensor input in Read(nodes[pick]))
                if (--readers[input] == 1 && !graph.IsOutput(input))
                    foreach (Node last in graph.Consumers(input))
                        if (index[last] is var i && rank[i] < 0 && since[i] >= 0)
                            ready.Enqueue(i, (growth[i] -= Bytes(input), since[i]));
            foreach (int next in feeds[pick])
                if (--missing[next] == 0)
                    Add(next);
        }
        return rank;

        void Add(int i)
        {
            since[i] = count++;
            growth[i] = nodes[i].Outputs.Sum(Bytes) - Read(nodes[i]).Where(t => readers[t] == 1 && !graph.IsOutput(t)).Sum(Bytes);
            ready.Enqueue(i, (growth[i], since[i]));
        }
    }

    /// <summary>
    /// Runs what is ready on one side until nothing is left there, then changes sides; begun on either side, the better result is taken.
    /// </summary>
    private int[] Schedule(int[] wanted)
    {
        int[] first = Schedule(wanted, true), second = Schedule(wanted, false);
        return Runs(second) < Runs(first) ? second : first;
    }

    private int[] Schedule(int[] wanted, bool side)
    {
        int[] missing = [.. needs.Select(list => list.Count)];
        PriorityQueue<int, int>[] ready = [new(), new()];
        for (int i = 0; i < nodes.Length; i++)
            if (missing[i] == 0)
                ready[onNpu[i] ? 1 : 0].Enqueue(i, wanted[i]);
        List<int> order = [];
        while (order.Count < nodes.Length)
        {
            if (!ready[side ? 1 : 0].TryDequeue(out int i, out _))
            {
                side = !side;
                i = ready[side ? 1 : 0].Dequeue();
            }
            order.Add(i);
            foreach (int next in feeds[i])
                if (--missing[next] == 0)
                    ready[onNpu[next] ? 1 : 0].Enqueue(next, wanted[next]);
        }
        return [.. order];
    }

    private int Runs(int[] order)
    {
        int runs = 0;
        for (int i = 0; i < order.Length; i++)
            if (onNpu[order[i]] && (i == 0 || !onNpu[order[i - 1]]))
                runs++;
        return runs;
    }

    private long Peak(int[] order)
    {
        Dictionary<Tensor, int> lastUse = [];
        for (int i = 0; i < order.Length; i++)
            foreach (Tensor input in Read(nodes[order[i]]))
                lastUse[input] = i;
        foreach (Tensor output in graph.Outputs)
            lastUse[output] = int.MaxValue;
        long live = graph.Inputs.Sum(Bytes), peak = live;
        for (int i = 0; i < order.Length; i++)
        {
            Node node = nodes[order[i]];
            live += node.Outputs.Sum(Bytes);
            peak = Math.Max(peak, live);
            foreach (Tensor input in Read(node))
                if (lastUse[input] == i)
                    live -= Bytes(input);
            foreach (Tensor output in node.Outputs)
                if (!lastUse.ContainsKey(output))
                    live -= Bytes(output);
        }
        return peak;
    }

    private static IEnumerable<Tensor> Read(Node node) =>
        node.Inputs.Where(t => t is not null && !t.IsConstant).Select(t => t!).Distinct();

    private static long Bytes(Tensor tensor) => tensor.Type.HasFixedSize() ? tensor.Type.ByteCount(tensor.Shape.ElementCount) : 0;
}
