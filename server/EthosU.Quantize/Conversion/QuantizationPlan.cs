using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>Which type each operator computes in, and the quantization of each tensor.</summary>
internal sealed class QuantizationPlan
{
    private readonly LoweredGraph lowered;
    private readonly RangeTable ranges;
    private readonly OperatorTypes types;
    private readonly TensorGroups groups = new();
    private readonly Dictionary<Tensor, ValueRange> useful;
    private readonly Dictionary<Tensor, ValueRange> derived = [];
    private readonly List<Finding> findings, errors = [];

    private QuantizationPlan(LoweredGraph lowered, RangeTable ranges, OperatorTypes types) =>
        (this.lowered, this.ranges, this.types, useful, findings) =
            (lowered, ranges, types, UsefulParts.Find(lowered.Graph, types), [.. types.Findings]);

    /// <summary>What a user should know.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>The type that most of the model is computed in.</summary>
    public ElementType BaseType => types.BaseType;

    /// <summary>True if the quantization of some tensor follows from the values that it took on the calibration data.</summary>
    public bool UsesMeasuredRanges { get; private set; }

    /// <summary>Makes the plan.</summary>
    /// <exception cref="UnsupportedModelException">The range of a tensor is not known.</exception>
    public static QuantizationPlan Make(LoweredGraph lowered, RangeTable ranges, QuantizeOptions options)
    {
        QuantizationPlan plan = Make(lowered, ranges, options, new Dictionary<Node, string>());
        Dictionary<Node, string> inReals = [];
        foreach (Node node in lowered.Graph.Nodes)
            if (plan.types.Of(node) == ElementType.Int8
                && KernelLimits.WhyNotCompared(node, tensor => plan.OperandScale(tensor, ElementType.Int8)) is { } reason)
                inReals[node] = reason;
        return inReals.Count == 0 ? plan : Make(lowered, ranges, options, inReals);
    }

    private static QuantizationPlan Make(LoweredGraph lowered, RangeTable ranges, QuantizeOptions options,
        IReadOnlyDictionary<Node, string> inReals)
    {
        QuantizationPlan plan = new(lowered, ranges, OperatorTypes.Choose(lowered, options, inReals));
        plan.AddTensors();
        plan.errors.AddRange(lowered.Graph.Nodes
            .Where(plan.types.IsInteger)
            .Select(node => SoundConstants.Fault(node, plan.Rule(node))).OfType<Finding>());
        if (plan.errors.Count > 0)
            throw new UnsupportedModelException([.. plan.errors]);
        SharedScales shared = new(lowered, plan.types, plan.groups, plan.OperandScale);
        shared.Unite();
        shared.WidenResults();
        shared.TieScalarSteps();
        plan.findings.AddRange(shared.Findings);
        plan.UsesMeasuredRanges =
            plan.types.Stored
            .Any(pair => pair.Value == ElementType.Float32 ? plan.IsQuantizedLater(pair.Key, options)
                : plan.groups.Contains(pair.Key) && plan.groups.Fixed(pair.Key) is null);
        return plan;
    }

    /// <summary>True for reals that become integers of a range that is measured.</summary>
    private bool IsQuantizedLater(Tensor real, QuantizeOptions options) =>
        (options.Io == EdgeType.Quantized && lowered.Graph.IsOutput(real)) || lowered.Graph.Consumers(real).Any(types.IsInteger);

    public OperatorRule Rule(Node node) => types.Rule(node);

    /// <summary>The type that an operator computes in: int8, int16, or float32 where it has no integer kernel.</summary>
    public ElementType TypeOf(Node node) => types.Of(node)!.Value;

    /// <summary>The type in which a tensor is produced.</summary>
    public ElementType StoredType(Tensor tensor) => types.Stored.GetValueOrDefault(tensor, tensor.Type);

    /// <summary>The quantization of a tensor as integers of a type.</summary>
    public Quantization Parameters(Tensor tensor, ElementType type)
    {
        if (groups.Contains(tensor) && types.Stored[tensor] == type)
            return groups.Fixed(tensor) ?? Affine.ForRange(groups.Range(tensor), type);
        if (groups.Contains(tensor) && type == ElementType.Int16)
            return Affine.Widened(Parameters(tensor, types.Stored[tensor]));
        if (Trained(tensor, type) is { } trained)
            return trained;
        return Affine.ForRange(RangeOf(tensor, type)
            ?? (groups.Contains(tensor) ? groups.Range(tensor)
            : throw new UnsupportedModelException([Unknown(tensor, lowered.Graph.Producer(tensor))])), type);
    }

    /// <summary>The range that a tensor was measured to have, whatever shares its scale; null where it was not.</summary>
    public ValueRange? MeasuredRange(Tensor tensor) => ranges.IsMeasured ? ranges.Find(tensor, 16) : null;

    /// <summary>What a clamp that is stored reads: the operand of the first clamp of its chain.</summary>
    public Tensor SourceOf(Node stored) => lowered.Saturating[stored].Operand;

    private static Finding Unknown(Tensor tensor, Node? producer) =>
        new("quantize-range-unknown", FindingSeverity.Error, $"The range of '{tensor.Name}' is not known.",
        "Calibrate with the graph that is quantized.", producer?.Source ?? Source.None) { Tensor = tensor.Name };

    /// <summary>The range of recurrent state.</summary>
    public ValueRange VariableRange(Tensor variable) => ranges.Find(variable, 16) ?? throw new UnsupportedModelException(
        [new("quantize-range-unknown", FindingSeverity.Error, $"The range of '{variable.Name}' is not known.",
            "Calibrate with the graph that is quantized.", Source.None) { Tensor = variable.Name }]);

    private void AddTensors()
    {
        foreach (Tensor input in lowered.Graph.Inputs.Where(types.Stored.ContainsKey))
            AddTensor(input, null);
        foreach (Node node in lowered.Graph.Nodes)
            foreach (Tensor output in node.Outputs.Where(types.Stored.ContainsKey))
                AddTensor(output, node);
    }

    private void AddTensor(Tensor tensor, Node? producer)
    {
        ElementType type = types.Stored[tensor];
        if (RangeOf(tensor, type) is not { } range)
        {
            if (producer is not null && Derive(producer) is { } its)
                range = derived[tensor] = its;
            else if (type == ElementType.Float32)
                return;
            else
            {
                errors.Add(Unknown(tensor, producer));
                return;
            }
        }
        if (type == ElementType.Float32)
            return;
        Quantization? given = producer is not null && types.Rule(producer).Fixed is { } rule ? rule(type) : Trained(tensor, type);
        if (given is null && lowered.Pinned.Contains(tensor))
            given = Affine.ForRange(range, type);
        groups.Add(tensor, type == ElementType.Int8 && useful.TryGetValue(tensor, out ValueRange part) ? range.Clamp(part) : range, given);
    }

    private ValueRange? RangeOf(Tensor tensor, ElementType type) =>
        lowered.Ranges.TryGetValue(tensor, out ValueRange known) || derived.TryGetValue(tensor, out known)
        ? known
        : ranges.Find(tensor, type == ElementType.Int16 ? 16 : 8, type == ElementType.Int8
        && useful.TryGetValue(tensor, out ValueRange part) ? part : UsefulRange.Everything)
        ?? (WholeOf(lowered.Graph, tensor) is { } whole ? RangeOf(whole, type) : null);

    /// <summary>
    /// What a group of a convolution is joined into: its range counts for the groups, which have none of their own. Null for other tensors.
    /// </summary>
    public static Tensor? WholeOf(Graph graph, Tensor tensor) => tensor.Origin is null && graph.Producer(tensor)?.Operator is Conv2D
        && graph.HasSingleUse(tensor) && graph.Consumers(tensor)[0] is { Operator: Concatenation } join ? join.Output : null;

    /// <summary>
    /// A range by interval arithmetic: of the few tensors that lowering makes, and of what only moves values, and pads them with zeros.
    /// </summary>
    private ValueRange? Derive(Node node)
    {
        ValueRange?[] operands =
            [.. types.Rule(node).Data.Select(i => node.Input(i))
            .Select(t => t.Data is { } data ? RangeOf(data) : groups.Contains(t) ? groups.Range(t) : RangeOf(t, ElementType.Int8))];
        if (operands.Any(range => range is null))
            return null;
        ValueRange[] known = [.. operands.Select(range => range!.Value)];
        return node.Operator switch
        {
            Binary { Kind: BinaryKind.Add } => new(known.Sum(r => r.Min), known.Sum(r => r.Max)),
            _ when types.Rule(node).Kind is RuleKind.Same or RuleKind.Stored => known.Aggregate((a, b) => a.Union(b)),
            _ => null,
        };
    }

    private Quantization? Trained(Tensor tensor, ElementType type) => type == ElementType.Int8 ? ranges.FindTrained(tensor) : null;

    private double OperandScale(Tensor operand, ElementType type) =>
        (operand.Data is { } data ? Affine.ForRange(RangeOf(data), type) : Parameters(operand, type)).Scale;

    /// <summary>The range of a constant, without values that stand for infinity.</summary>
    public static ValueRange RangeOf(TensorData data)
    {
        float[] values = [.. data.ToFloatArray().Where(value => Math.Abs(value) < ValueHistogram.Huge)];
        return values.Length == 0 ? default : new(values.Min(), values.Max());
    }
}
