using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>Which rule each operator follows, the type it computes in, and the types that tensors are stored in.</summary>
internal sealed class OperatorTypes
{
    private readonly LoweredGraph lowered;
    private readonly QuantizeOptions options;
    private readonly IReadOnlyDictionary<Node, string> inReals; // by choice, and why
    private readonly Dictionary<Node, OperatorRule> rules = [];
    private readonly Dictionary<Node, ElementType> nodeTypes = [];
    private readonly Dictionary<Tensor, ElementType> storedTypes = [];
    private readonly OneValueChains chains;
    private readonly HashSet<Node> leading;
    private readonly HashSet<Node> ending; // what only moves values on to the user
    private readonly List<(Tensor Input, Tensor Output)> states;
    private readonly List<Finding> findings = [];

    private OperatorTypes(LoweredGraph lowered, QuantizeOptions options, IReadOnlyDictionary<Node, string> inReals)
    {
        (this.lowered, this.options, this.inReals, chains, ending, states) =
            (lowered, options, inReals, new(lowered.Graph), Ending(lowered.Graph), [.. StatePairs.Find(lowered.Graph)]);
        leading = Leading();
    }

    /// <summary>Inputs and outputs that are recurrent state, of one type each.</summary>
    public IReadOnlyList<(Tensor Input, Tensor Output)> States => states;

    /// <summary>What a user should know.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>The types that tensors of real numbers are produced in.</summary>
    public IReadOnlyDictionary<Tensor, ElementType> Stored => storedTypes;

    /// <summary>The type that most of the model is computed in.</summary>
    public ElementType BaseType => options.Precision == Precision.Int16x8 ? ElementType.Int16 : ElementType.Int8;

    /// <summary>Chooses.</summary>
    /// <param name="lowered">The graph.</param>
    /// <param name="options">What is wished.</param>
    /// <param name="inReals">Operators that stay in real numbers, and why.</param>
    public static OperatorTypes Choose(LoweredGraph lowered, QuantizeOptions options, IReadOnlyDictionary<Node, string> inReals)
    {
        OperatorTypes types = new(lowered, options, inReals);
        types.Choose();
        if (types.states.Exists(pair => types.storedTypes[pair.Input] != types.storedTypes[pair.Output]))
            types.Choose();
        types.states.RemoveAll(pair => types.storedTypes[pair.Input] != types.storedTypes[pair.Output]);
        return types;
    }

    /// <summary>True if a set of names holds the node's name, its result's or the value's that this is in the source model.</summary>
    public static bool IsListed(ImmutableHashSet<string> names, Node node) => !names.IsEmpty
        && (names.Contains(node.Name)
        || node.Outputs.Any(output => names.Contains(output.Name) || (output.Origin is { } origin && names.Contains(origin))));

    /// <summary>True if a layer of an 8-bit model computes in 16 bits.</summary>
    public static bool IsInt16(Node node, QuantizeOptions options) => IsListed(options.Int16Layers, node)
        || (options.WideRecurrentState && node.Source.OperatorType is ("LSTM" or "GRU" or "RNN")
        && node.Operator is not UnidirectionalSequenceLstm);

    public OperatorRule Rule(Node node) => rules[node];

    /// <summary>The type that an operator computes in: int8, int16, or float32; null for what quantization does not touch.</summary>
    public ElementType? Of(Node node) => nodeTypes.TryGetValue(node, out ElementType type) ? type : null;

    /// <summary>True if an operator computes in integers.</summary>
    public bool IsInteger(Node node) => Of(node) is ElementType.Int8 or ElementType.Int16;

    private void Choose()
    {
        Dictionary<Tensor, ElementType> asStored = []; // state goes in as it came out the time before
        foreach ((Tensor input, Tensor output) in states)
            if (storedTypes.TryGetValue(output, out ElementType its) && its != ElementType.Float32)
                asStored[input] = its;
        storedTypes.Clear();
        findings.Clear();
        foreach (Tensor input in lowered.Graph.Inputs.Where(input => input.Type == ElementType.Float32))
            storedTypes[input] = asStored.GetValueOrDefault(input, BaseType);
        HashSet<Node> absorbed = [.. lowered.Saturating.Values.SelectMany(chain => chain.Before)];
        foreach (Node node in lowered.Graph.Nodes)
        {
            OperatorRule rule = rules[node] = lowered.Saturating.ContainsKey(node) ? new(RuleKind.Stored, [0]) : absorbed.Contains(node)
                ? new(RuleKind.Absorbed, [])
                : inReals.TryGetValue(node, out string? reason) ? OperatorRules.Float(node, reason) : OperatorRules.Find(node);
            if (rule.Kind is RuleKind.Untouched or RuleKind.Absorbed)
                continue;
            ElementType type = nodeTypes[node] = ChooseType(node, rule);
            foreach (Tensor output in node.Outputs.Where(output => output.Type == ElementType.Float32))
                storedTypes[output] = type;
            if (rule.Kind == RuleKind.Float && !IsTable(node))
                findings.Add(new("quantize-float-operator", FindingSeverity.Warning,
                    $"{node.Operator.Name} stays in real numbers: {rule.Reason}. It runs on the CPU, between a DEQUANTIZE and a QUANTIZE.",
                    "Use another operator if speed matters.", node.Source) { Operator = node.Operator.Name, Tensor = node.Outputs.IsEmpty
                        ? null : node.Output.Name });
        }
    }

    /// <summary>True for an operator on reals that depends on one value of 8 bits and ends in one: a table for the NPU.</summary>
    private bool IsTable(Node node) => BaseType == ElementType.Int8 && !IsInt16(node, options) && chains.RootOf(node) is { } root
        && storedTypes.GetValueOrDefault(root) == ElementType.Int8
        && !(options.Io == EdgeType.Float32 && lowered.Graph.IsOutput(node.Output));

    /// <summary>
    /// True if a chain of operators on reals that depend on one value goes on here: in integers it would be rounded once more.
    /// </summary>
    private bool Continues(Node node) => node.Inputs.Any(input => input is { IsConstant: false } && !MustBeStored(input)
        && storedTypes.GetValueOrDefault(input) == ElementType.Float32);

    /// <summary>True for a tensor whose quantization does something, or is given.</summary>
    private bool MustBeStored(Tensor tensor) => lowered.Pinned.Contains(tensor) || lowered.Trained.Contains(tensor);

    /// <summary>Operators of one value whose results only such operators read as have no integer kernel, or lead to them.</summary>
    private HashSet<Node> Leading()
    {
        HashSet<Node> found = [], reals = [];
        foreach (Node node in lowered.Graph.Nodes.Reverse())
        {
            if (chains.RootOf(node) is null)
                continue;
            bool real = OperatorRules.Find(node).Kind == RuleKind.Float;
            bool leads = !real && !lowered.Graph.IsOutput(node.Output) && lowered.Graph.Consumers(node.Output) is { Length: > 0 } readers
                && readers.All(reader => reals.Contains(reader));
            if (leads)
                found.Add(node);
            if (real || leads)
                reals.Add(node);
        }
        return found;
    }

    /// <summary>True for what moves values of a type that is only that of what gave them.</summary>
    private bool IsOnTheWay(Node node, ElementType type) => type switch
    {
        ElementType.Float32 => options.Io == EdgeType.Quantized || !ending.Contains(node),
        ElementType.Int16 => !IsInt16(node, options)
            && node.Inputs.Any(input => input is not null && lowered.Graph.Producer(input) is { } producer
            && lowered.Wide.Contains(producer)),
        _ => false,
    };

    private static HashSet<Node> Ending(Graph graph)
    {
        HashSet<Node> ending = [];
        foreach (Node node in graph.Nodes.Reverse())
            if (OperatorRules.Find(node) is { Kind: RuleKind.Same, Data.Length: 1 }
                && node.Outputs.All(output => graph.Consumers(output).All(ending.Contains)
                && (graph.IsOutput(output) || graph.Consumers(output).Length > 0)))
                ending.Add(node);
        return ending;
    }

    private ElementType ChooseType(Node node, OperatorRule rule)
    {
        if (rule.Kind is RuleKind.Float or RuleKind.Stored)
            return rule.Kind == RuleKind.Float ? ElementType.Float32 : ElementType.Int8;
        if (IsTable(node) && !MustBeStored(node.Output) && (leading.Contains(node) || Continues(node)))
            return ElementType.Float32;
        ElementType[] operands =
            [.. rule.Data.Select(node.TryInput).OfType<Tensor>().Where(t => !t.IsConstant && storedTypes.ContainsKey(t))
            .Select(t => storedTypes[t]).Distinct()];
        bool listed = IsInt16(node, options) || lowered.Wide.Contains(node);
        // Gains nothing from more bits.
        bool moves = rule.Kind == RuleKind.Same && rule.Data.Length == 1 && node.Operator is not (Pool2D or Resize);
        if (rule.Kind == RuleKind.Same && (!listed || moves) && operands.Length == 1 && (operands[0] != ElementType.Int16 || rule.HasInt16))
            return IsOnTheWay(node, operands[0]) ? BaseType : operands[0]; // what only moves values keeps their type
        if (BaseType == ElementType.Int8 && !listed)
            return ElementType.Int8;
        if (rule.HasInt16)
            return ElementType.Int16;
        (string how, string advice) = rule.IsFloatInsteadOfInt16
            ? ("in real numbers, between a DEQUANTIZE and a QUANTIZE", "Nothing to do, unless speed suffers here.")
            : ("in 8 bits, with a QUANTIZE before and behind", "Nothing to do, unless the accuracy suffers here.");
        findings.Add(new("quantize-no-16-bit-kernel", FindingSeverity.Info,
            $"{node.Operator.Name} has no kernel for 16-bit activations; it computes {how}.", advice, node.Source)
        {
            Operator = node.Operator.Name,
        });
        return rule.IsFloatInsteadOfInt16 ? ElementType.Float32 : ElementType.Int8;
    }
}
