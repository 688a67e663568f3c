using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>Orders nodes so that each runs after the producers of its operands.</summary>
public static class TopologicalOrder
{
    /// <summary>The nodes in an order in which they can run; nodes already in order keep it.</summary>
    /// <exception cref="InvalidGraphException">The nodes form a cycle.</exception>
    public static ImmutableArray<Node> Sort(IReadOnlyList<Node> nodes)
    {
        Dictionary<Tensor, int> producer = [];
        for (int i = 0; i < nodes.Count; i++)
            foreach (Tensor output in nodes[i].Outputs)
                producer[output] = i;

        var order = ImmutableArray.CreateBuilder<Node>(nodes.Count);
        var state = new byte[nodes.Count]; // 0 unseen, 1 waiting for operands, 2 placed
        Stack<int> pending = new();
        for (int start = 0; start < nodes.Count; start++)
        {
            pending.Push(start);
            while (pending.TryPeek(out int index))
            {
                if (state[index] == 2)
                {
                    pending.Pop();
                    continue;
                }
                bool first = state[index] == 0;
                state[index] = 1;
                bool ready = true;
                for (int i = nodes[index].Inputs.Length - 1; i >= 0; i--)
                {
                    if (nodes[index].Inputs[i] is not { } input || !producer.TryGetValue(input, out int source) || state[source] == 2)
                        continue;
                    if (state[source] == 1 || !first)
                        throw new InvalidGraphException($"the nodes form a cycle through '{nodes[index].Name}'");
                    pending.Push(source);
                    ready = false;
                }
                if (!ready)
                    continue;
                state[index] = 2;
                order.Add(nodes[index]);
                pending.Pop();
            }
        }
        return order.MoveToImmutable();
    }
}
