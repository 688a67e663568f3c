using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Emission;
using EthosU.Npu.Memory;
using EthosU.Npu.Scheduling;

namespace EthosU.Npu.Compilation;

/// <summary>Puts the compiled model together: custom operators in place of the nodes, memory plan as metadata (npu-commands 1).</summary>
internal sealed class CompiledGraph(Schedule schedule, ImmutableArray<EmittedRun> runs)
{
    private readonly Graph original = schedule.Graph;
    private readonly MemoryPlan memory = schedule.Memory;
    private readonly Dictionary<Tensor, Tensor> states = [];

    public Graph Build()
    {
        if (runs.IsEmpty)
            return original;
        byte[] constants = schedule.Constants.ToArray();
        UniqueNames names = new(original.Tensors.Select(tensor => tensor.Name));
        Tensor readOnly = Bytes(names.Make("ethos_u_read_only"), constants.Length == 0 ? new byte[16] : constants);
        Tensor scratch = new(names.Make("ethos_u_scratch"), ElementType.UInt8, [Size(memory.ArenaSize)]);
        // Without memory of its own the fast scratch is the arena.
        Tensor fast = schedule.Target.IsSpilling ? new(names.Make("ethos_u_scratch_fast"), ElementType.UInt8, [Size(memory.FastSize)])
            : scratch;
        List<Node> nodes = [];
        HashSet<Node> done = [];
        foreach (EmittedRun run in runs)
            done.UnionWith(run.Part.Nodes);
        Dictionary<Node, EmittedRun> first = runs.ToDictionary(static run => run.Part.Nodes[0]);
        foreach (Node node in schedule.Order)
        {
            if (first.TryGetValue(node, out EmittedRun? run) && !run.Part.Outputs.IsEmpty)
            {
                Tensor payload = Bytes(names.Make("ethos_u_command_stream"), run.Payload);
                nodes.Add(new EthosUNode(payload, readOnly, scratch, fast, run.Part.Inputs, [.. run.Part.Outputs, .. States(run, names)])
                    .ToNode(node.Source));
            }
            else if (!done.Contains(node))
                nodes.Add(node);
        }
        Graph graph = original.With([.. nodes]);
        var offsets = ImmutableArray.CreateBuilder<int>();
        foreach (Tensor tensor in graph.Tensors)
            offsets.Add(tensor == scratch || tensor == fast ? 0
                : memory.Offsets.TryGetValue(states.GetValueOrDefault(tensor, tensor), out long offset) ? checked((int)offset) : -1);
        int subgraphs = 1;
        foreach (Graph inner in InnerGraphs(graph))
        {
            subgraphs++;
            offsets.AddRange(Enumerable.Repeat(-1, inner.Tensors.Count()));
        }
        OfflineMemoryPlan plan = new(subgraphs, offsets.ToImmutable());
        return new(graph.Name, graph.Nodes, graph.Inputs, graph.Outputs)
        {
            Description = graph.Description,
            Signatures = graph.Signatures,
            Metadata = [.. graph.Metadata.Where(entry => entry.Name != OfflineMemoryPlan.MetadataName),
                (OfflineMemoryPlan.MetadataName, plan.Encode())],
        };
    }

    /// <summary>Recurrent state is written where it is read: an output of another name at the same place.</summary>
    private List<Tensor> States(EmittedRun run, UniqueNames names)
    {
        List<Tensor> written = [];
        foreach (Tensor input in run.Part.Inputs)
        {
            if (!input.IsVariable || !run.Ops.Any(op => op.Op.Ofm.Tensor.Source == input))
                continue;
            Tensor state = input.WithName(names.Make(input.Name));
            states.Add(state, input);
            written.Add(state);
        }
        return written;
    }

    /// <summary>Graphs of control flow, each once, in the order in which files number them.</summary>
    private static IEnumerable<Graph> InnerGraphs(Graph graph)
    {
        List<Graph> found = [graph];
        Visit(graph);
        return found.Skip(1);

        void Visit(Graph outer)
        {
            foreach (Node node in outer.Nodes)
                foreach (Graph inner in node.Operator switch
                {
                    If op => [op.Then, op.Else],
                    While op => [op.Condition, op.Body],
                    CallOnce op => [op.Initializer],
                    _ => Array.Empty<Graph>(),
                })
                {
                    if (found.Contains(inner))
                        continue;
                    found.Add(inner);
                    Visit(inner);
                }
        }
    }

    private static int Size(long bytes) => checked((int)Math.Max(bytes, Allocator.Alignment));

    private static Tensor Bytes(string name, byte[] content) => new(name, new TensorData(ElementType.UInt8, [content.Length], content));
}
