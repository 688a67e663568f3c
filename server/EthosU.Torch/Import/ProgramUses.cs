using EthosU.Torch.Programs;

namespace EthosU.Torch.Import;

/// <summary>Who reads which value of a graph.</summary>
internal sealed class ProgramUses
{
    private const int MaxDepth = 200; // longer chains of views are no program
    private const string Dequantizer = "quantized_decomposed.dequantize_";

    private static readonly HashSet<string> OnlyMoves =
    [
        "view", "reshape", "_unsafe_view", "flatten", "unflatten", "permute", "transpose", "t", "slice", "select", "narrow", "squeeze",
        "unsqueeze", "expand", "contiguous", "clone", "alias", "detach", "split", "split_with_sizes", "chunk", "unbind",
    ];

    private readonly HashSet<string> outputs;
    private readonly Dictionary<string, List<ProgramNode>> readers = new(StringComparer.Ordinal);

    private readonly Dictionary<string, ProgramNode> makers = new(StringComparer.Ordinal);

    public ProgramUses(ProgramGraph graph)
    {
        outputs = [.. graph.Outputs.SelectMany(ArgumentNames.Of)];
        foreach (ProgramNode node in graph.Nodes)
        {
            foreach (string name in node.Outputs.SelectMany(ArgumentNames.Of))
                makers.TryAdd(name, node);
            foreach (string name in node.Inputs.SelectMany(input => ArgumentNames.Of(input.Value)).Distinct())
            {
                if (!readers.TryGetValue(name, out var list))
                    readers[name] = list = [];
                list.Add(node);
            }
        }
    }

    /// <summary>The node that makes a value; null for inputs.</summary>
    public ProgramNode? Maker(string name) => makers.GetValueOrDefault(name);

    /// <summary>True if something reads the value.</summary>
    public bool IsRead(string name) => outputs.Contains(name) || readers.ContainsKey(name);

    /// <summary>
    /// True if a quantized value is only moved about and turned back into reals: then it can be imported as the reals that it stands for.
    /// </summary>
    public bool StandsForReals(string name) => StandsForReals(name, 0);

    /// <summary>True if only quantizers read the value, as a scale or zero point.</summary>
    public bool IsScaleOnly(string name) => !outputs.Contains(name) && (!readers.TryGetValue(name, out var nodes)
        || nodes.TrueForAll(node => node.Target.Contains("quantize_per_tensor.tensor", StringComparison.Ordinal)
            && node.Inputs.All(input => input.Name != "input" || !ArgumentNames.Of(input.Value).Contains(name))));

    private bool StandsForReals(string name, int depth) => depth <= MaxDepth && !outputs.Contains(name)
        && readers.TryGetValue(name, out var nodes)
        && nodes.TrueForAll(node => node.Target.StartsWith(Dequantizer, StringComparison.Ordinal)
            || (IsMove(node.Target) && node.Outputs.SelectMany(ArgumentNames.Of).All(output => StandsForReals(output, depth + 1))));

    private static bool IsMove(string target) => target.Split('.') is ["aten", var name, ..] && OnlyMoves.Contains(name);
}
