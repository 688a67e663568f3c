using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>Which type each operator computes in, and the quantization of each tensor.</summary>
internal sealed class QuantizationPlan
{
    private readonly LoweredGraph lowered;
    private readonly RangeTable ranges;
    private readonly QuantizeOptions options;
    private readonly Dictionary<Node, OperatorRule> rules = [];
    private readonly Dictionary<Node, ElementType> nodeTypes = [];
    private readonly Dictionary<Tensor, ElementType> storedTypes = [];
    private readonly TensorGroups groups = new();
    private readonly Dictionary<Tensor, ValueRange> useful = [];
    private readonly Dictionary<Tensor, ValueRange> derived = [];
    private List<(Tensor Input, Tensor Output)> states = [];
    private readonly List<Finding> findings = [], errors = [];
    private readonly IReadOnlyDictionary<Node, string> inReals; // by choice, and why

    private QuantizationPlan(LoweredGraph lowered, RangeTable ranges, QuantizeOptions options, IReadOnlyDictionary<Node, string> inReals) =>
        (this.lowered, this.ranges, this.options, this.inReals) = (lowered, ranges, options, inReals);

    /// <summary>What a user should know.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>The type that most of the model is computed in.</summary>
    public ElementType BaseType => options.Precision == Precision.Int16x8 ? ElementType.Int16 : ElementType.Int8;

    /// <summary>True if the quantization of some tensor follows from the values that it took on the calibration data.</summary>
    public bool UsesMeasuredRanges { get; private set; }

    /// <summary>Makes the plan.</summary>
    /// <exception cref="UnsupportedModelException">The range of a tensor is not known.</exception>
    public static QuantizationPlan Make(LoweredGraph lowered, RangeTable ranges, QuantizeOptions options)
    {
        QuantizationPlan plan = Make(lowered, ranges, options, new Dictionary<Node, string>());
        Dictionary<Node, string> inReals = [];
        foreach (Node node in lowered.Graph.Nodes)
            if (plan.nodeTypes.GetValueOrDefault(node) == ElementType.Int8
                && KernelLimits.WhyNotCompared(node, tensor => plan.OperandScale(tensor, ElementType.Int8)) is { } reason)
                inReals[node] = reason;
        return inReals.Count == 0 ? plan : Make(lowered, ranges, options, inReals);
    }

    private static QuantizationPlan Make(LoweredGraph lowered, RangeTable ranges, QuantizeOptions options,
        IReadOnlyDictionary<Node, string> inReals)
    {
        QuantizationPlan plan = new(lowered, ranges, options, inReals);
        plan.states = [.. StatePairs.Find(lowered.Graph)];
        plan.ChooseTypes();
        if (plan.states.Exists(pair => plan.storedTypes[pair.Input] != plan.storedTypes[pair.Output]))
            plan.ChooseTypes();
        plan.states.RemoveAll(pair => plan.storedTypes[pair.Input] != plan.storedTypes[pair.Output]);
        plan.FindUsefulRanges();
        plan.AddTensors();
        plan.errors.AddRange(lowered.Graph.Nodes
            .Where(node => plan.nodeTypes.TryGetValue(node, out ElementType type) && type != ElementType.Float32)
            .Select(node => SoundConstants.Fault(node, plan.rules[node])).OfType<Finding>());
        if (plan.errors.Count > 0)
            throw new UnsupportedModelException([.. plan.errors]);
        plan.Unite();
        plan.WidenResults();
        plan.TieScalarSteps();
        plan.UsesMeasuredRanges =
            plan.storedTypes
            .Any(pair => pair.Value != ElementType.Float32 && plan.groups.Contains(pair.Key) && plan.groups.Fixed(pair.Key) is null);
        return plan;
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

    /// <summary>The type that an operator computes in: int8, int16, or float32 where it has no integer kernel.</summary>
    public ElementType TypeOf(Node node) => nodeTypes[node];

    /// <summary>The type in which a tensor is produced.</summary>
    public ElementType StoredType(Tensor tensor) => storedTypes.GetValueOrDefault(tensor, tensor.Type);

    /// <summary>The quantization of a tensor as integers of a type.</summary>
    public Quantization Parameters(Tensor tensor, ElementType type)
    {
        if (groups.Contains(tensor) && storedTypes[tensor] == type)
            return groups.Fixed(tensor) ?? Affine.ForRange(groups.Range(tensor), type);
        if (groups.Contains(tensor) && type == ElementType.Int16)
            return Affine.Widened(Parameters(tensor, storedTypes[tensor]));
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

    private void ChooseTypes()
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
            if (rule.Kind == RuleKind.Float)
                findings.Add(new("quantize-float-operator", FindingSeverity.Warning,
                    $"{node.Operator.Name} stays in real numbers: {rule.Reason}. It runs on the CPU, between a DEQUANTIZE and a QUANTIZE.",
                    "Use another operator if speed matters.", node.Source) { Operator = node.Operator.Name, Tensor = node.Outputs.IsEmpty
                        ? null : node.Output.Name });
        }
    }

    private ElementType ChooseType(Node node, OperatorRule rule)
    {
        if (rule.Kind is RuleKind.Float or RuleKind.Stored)
            return rule.Kind == RuleKind.Float ? ElementType.Float32 : ElementType.Int8;
        ElementType[] operands =
            [.. rule.Data.Select(node.TryInput).OfType<Tensor>().Where(t => !t.IsConstant && storedTypes.ContainsKey(t))
            .Select(t => storedTypes[t]).Distinct()];
        bool listed = IsInt16(node, options);
        // Gains nothing from more bits.
        bool moves = rule.Kind == RuleKind.Same && rule.Data.Length == 1 && node.Operator is not (Pool2D or Resize);
        if (rule.Kind == RuleKind.Same && (!listed || moves) && operands.Length == 1 && (operands[0] != ElementType.Int16 || rule.HasInt16))
            return operands[0]; // what only moves values keeps their type
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

    /// <summary>
    /// The part of each tensor's range that makes a difference to what reads it: a sigmoid in 8 bits gives its last step at 6.3, a RELU
    /// sees no difference between negative values. Saturation at an end of this part gives the right result.
    /// </summary>
    private void FindUsefulRanges()
    {
        foreach (Tensor output in lowered.Graph.Outputs)
            useful[output] = UsefulRange.Everything;
        foreach (Node node in lowered.Graph.Nodes.Reverse())
        {
            ValueRange seen = rules[node].Kind == RuleKind.Same
                && node.Operator is not (Pool2D { Kind: PoolKind.Average } or Resize { Kind: ResizeKind.Bilinear })
                ? node.Outputs.Select(output => useful.GetValueOrDefault(output)).Aggregate((a, b) => a.Union(b))
                : Seen(node);
            foreach (Tensor? input in node.Inputs)
                if (input is { IsConstant: false })
                    useful[input] = useful.TryGetValue(input, out ValueRange other) ? other.Union(seen) : seen;
        }
    }

    private ValueRange Seen(Node node) => nodeTypes.GetValueOrDefault(node) == ElementType.Int8 ? UsefulRange.Of(node.Operator)
        : UsefulRange.Everything;

    private void AddTensors()
    {
        foreach (Tensor input in lowered.Graph.Inputs.Where(storedTypes.ContainsKey))
            AddTensor(input, null);
        foreach (Node node in lowered.Graph.Nodes)
            foreach (Tensor output in node.Outputs.Where(storedTypes.ContainsKey))
                AddTensor(output, node);
    }

    private void AddTensor(Tensor tensor, Node? producer)
    {
        ElementType type = storedTypes[tensor];
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
        Quantization? given = producer is not null && rules[producer].Fixed is { } rule ? rule(type) : Trained(tensor, type);
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
            [.. rules[node].Data.Select(i => node.Input(i))
            .Select(t => t.Data is { } data ? RangeOf(data) : groups.Contains(t) ? groups.Range(t) : RangeOf(t, ElementType.Int8))];
        if (operands.Any(range => range is null))
            return null;
        ValueRange[] known = [.. operands.Select(range => range!.Value)];
        return node.Operator switch
        {
            Binary { Kind: BinaryKind.Add } => new(known.Sum(r => r.Min), known.Sum(r => r.Max)),
            _ when rules[node].Kind is RuleKind.Same or RuleKind.Stored => known.Aggregate((a, b) => a.Union(b)),
            _ => null,
        };
    }

    private Quantization? Trained(Tensor tensor, ElementType type) => type == ElementType.Int8 ? ranges.FindTrained(tensor) : null;

    /// <summary>
    /// Lets tensors share a quantization where operators ask for it. Where that would cost too much accuracy, they are left apart, and a
    /// QUANTIZE comes between (tflite-kernels 1.3).
    /// </summary>
    private void Unite()
    {
        foreach ((Tensor input, Tensor output) in states)
            if (groups.Contains(input) && groups.Contains(output) && groups.TryUnite(output, input))
                findings.Add(new("quantize-state", FindingSeverity.Info,
                    $"Input '{input.Name}' and output '{output.Name}' are taken for recurrent state: both are "
                        + $"{storedTypes[input].DisplayName()} of one scale, so that the output can be given back as it is.",
                    "Start with the zero point.", Source.None) { Tensor = input.Name });
        foreach ((Node stored, (Tensor operand, _)) in lowered.Saturating) // what nobody else reads is stored as it is wanted at once
            if (lowered.Graph.HasSingleUse(operand) && groups.Contains(operand) && groups.Fixed(operand) is null
                && storedTypes[operand] == storedTypes[stored.Output]
                && lowered.Graph.Producer(operand) is var producer
                && (producer is null || rules[producer].Kind is RuleKind.Free or RuleKind.Weighted))
                groups.TryUnite(stored.Output, operand);
        foreach (Node node in lowered.Graph.Nodes
            .Where(node => rules[node].Kind == RuleKind.Same && nodeTypes[node] != ElementType.Float32))
        {
            ElementType type = nodeTypes[node];
            Tensor[] operands =
                [.. rules[node].Data.Select(node.TryInput).OfType<Tensor>().Where(t => groups.Contains(t) && storedTypes[t] == type)
                .Distinct()];
            Tensor[] results = [.. node.Outputs.Where(groups.Contains)];
            foreach (Tensor result in results.Skip(1))
                groups.TryUnite(results[0], result);
            if (results.Length == 0)
                continue;
            bool single = rules[node].Data.Length == 1;
            ValueRange all = operands.Aggregate(groups.Range(results[0]), (range, t) => range.Union(groups.Range(t)));
            foreach (Tensor operand in operands)
                if (single || WholeOf(lowered.Graph, operand) == results[0] || IsNear(operand, results[0], all))
                    groups.TryUnite(results[0], operand);
        }
    }

    /// <summary>Lets no result have a finer scale than its kernel takes, as sums whose terms cancel would.</summary>
    private void WidenResults()
    {
        foreach (Node node in lowered.Graph.Nodes)
        {
            if (nodeTypes.GetValueOrDefault(node) is not (ElementType.Int8 or ElementType.Int16) || node.Outputs.IsEmpty
                || !groups.Contains(node.Output) || groups.Fixed(node.Output) is not null)
                continue;
            ElementType type = nodeTypes[node];
            double finest = KernelLimits.FinestResult(node, type, tensor => OperandScale(tensor, type));
            if (Parameters(node.Output, type).Scale < finest)
                groups.Widen(node.Output, (float)(finest * (type == ElementType.Int8 ? byte.MaxValue : short.MaxValue)));
        }
    }

    /// <summary>Lets factors and summands of one number move scale or zero point, where what they read is rounded just before.</summary>
    private void TieScalarSteps()
    {
        foreach (Node node in lowered.Graph.Nodes.Reverse())
        {
            if (nodeTypes.GetValueOrDefault(node) != ElementType.Int8 || ScalarSteps.Find(node) is not { } step
                || StoredType(step.Operand) != ElementType.Int8 || !groups.Contains(step.Operand) || !groups.Contains(node.Output)
                || lowered.Graph.Producer(step.Operand) is not { } producer
                || rules[producer].Kind is not (RuleKind.Free or RuleKind.Weighted) || nodeTypes[producer] != ElementType.Int8
                || !lowered.Graph.HasSingleUse(step.Operand) || !groups.IsAlone(step.Operand) || groups.Fixed(step.Operand) is not null)
                continue;
            Tensor result = node.Output;
            if (ScalarSteps.Tie(step.Factor, step.Summand, groups.Range(result), groups.Fixed(result)) is not { } tied
                || tied.Operand.Scale
                < KernelLimits.FinestResult(producer, ElementType.Int8, tensor => OperandScale(tensor, ElementType.Int8)))
                continue;
            groups.Fix(result, tied.Result);
            groups.Fix(step.Operand, tied.Operand);
        }
    }

    private double OperandScale(Tensor operand, ElementType type) =>
        (operand.Data is { } data ? Affine.ForRange(RangeOf(data), type) : Parameters(operand, type)).Scale;

    /// <summary>
    /// True if an operand may take part in the common range: it is not much smaller, or its fixed quantization holds all.
    /// </summary>
    private bool IsNear(Tensor operand, Tensor result, ValueRange all)
    {
        ElementType type = storedTypes[operand];
        Quantization? given = groups.Fixed(operand) ?? groups.Fixed(result);
        ValueRange range = given is null ? all : Affine.RangeOf(given, type);
        return range.Covers(all, range.Width / 100) && groups.Range(operand).Width * 4 >= range.Width && all.Width * 4 >= range.Width;
    }

    /// <summary>The range of a constant, without values that stand for infinity.</summary>
    public static ValueRange RangeOf(TensorData data)
    {
        float[] values = [.. data.ToFloatArray().Where(value => Math.Abs(value) < ValueHistogram.Huge)];
        return values.Length == 0 ? default : new(values.Min(), values.Max());
    }
}
