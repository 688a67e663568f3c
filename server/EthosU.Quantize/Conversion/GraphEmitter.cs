using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Quantize.Weights;

namespace EthosU.Quantize.Conversion;

/// <summary>Writes the graph of integers that a plan describes.</summary>
internal sealed class GraphEmitter(Graph graph, QuantizationPlan plan, QuantizeOptions options, ChannelMeans? means,
    WeightRounding? rounding, CancellationToken cancellation)
{
    private readonly List<Node> nodes = [];
    private readonly UniqueNames names = new(graph.Tensors.Select(tensor => tensor.Name));
    private readonly Dictionary<Tensor, Tensor> produced = []; // float tensor → as its producer gives it
    private readonly Dictionary<(Tensor, ElementType, Quantization?), Tensor> converted = [];
    private readonly HashSet<Tensor> storedConstants = []; // those that gave their name to integers already
    private readonly HashSet<Tensor> renamedOutputs = []; // outputs of the model behind a last conversion, which takes the user's name over

    public QuantizeResult Emit()
    {
        renamedOutputs.UnionWith(graph.Outputs.Where(output => output.Type == ElementType.Float32 && graph.Producer(output) is not null
            && (options.Io == EdgeType.Quantized ? plan.StoredType(output) == ElementType.Float32 || IsNarrow(output)
            : plan.StoredType(output) != ElementType.Float32)));
        Tensor[] inputs = [.. graph.Inputs.Select(EmitInput)];
        foreach (Node node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            EmitNode(node);
        }
        Tensor[] outputs = [.. graph.Outputs.Select(EmitOutput)];
        Graph result = graph.With([.. nodes], [.. inputs], [.. outputs]);
        return new(Affine.WithoutOnReals(result), [.. plan.Findings]);
    }

    private Tensor EmitInput(Tensor input)
    {
        ElementType type = plan.StoredType(input);
        if (type == input.Type)
            return produced[input] = input;
        Quantization quantization = plan.Parameters(input, type);
        if (options.Io == EdgeType.Quantized)
            return produced[input] = input.WithType(type, quantization);
        Tensor inside = Suffixed(input, type, quantization);
        nodes.Add(new Node(new Graphs.Quantize(), [input], [inside]));
        produced[input] = inside;
        return input;
    }

    private Tensor EmitOutput(Tensor output)
    {
        if (output.Type != ElementType.Float32 || output.IsConstant || graph.Inputs.Contains(output))
            return options.Io == EdgeType.Float32 ? output : produced.GetValueOrDefault(output, output);
        Tensor stored = produced[output];
        Source source = graph.Producer(output)?.Source ?? Source.None;
        if (options.Io == EdgeType.Quantized)
            return stored.Type == ElementType.Float32 || IsNarrow(output)
                ? Convert(output, plan.BaseType, plan.Parameters(output, plan.BaseType), source) : stored;
        return stored.Type == ElementType.Float32 ? stored : Convert(output, ElementType.Float32, null, source);
    }

    /// <summary>True for a tensor of 8 bits in a model of 16: as an output it is asked for in 16.</summary>
    private bool IsNarrow(Tensor output) => plan.BaseType == ElementType.Int16 && plan.StoredType(output) == ElementType.Int8;

    private void EmitNode(Node node)
    {
        OperatorRule rule = plan.Rule(node);
        if (rule.Kind == RuleKind.Untouched)
        {
            nodes.Add(Rewire(node));
            return;
        }
        if (rule.Kind == RuleKind.Absorbed)
            return;
        ElementType type = plan.TypeOf(node);
        if (rule.Kind == RuleKind.Stored)
        {
            EmitStored(node, plan.SourceOf(node), type);
            return;
        }
        if (type == ElementType.Float32)
        {
            foreach (Tensor output in node.Outputs)
                produced[output] = renamedOutputs.Contains(output) ? Suffixed(output, ElementType.Float32, null) : output;
            ImmutableArray<Tensor?> operands =
                [.. node.Inputs.Select(input => input is null ? null : Convert(input, input.Type, null, node.Source))];
            nodes.Add(node.WithInputs(operands).WithOutputs([.. node.Outputs.Select(output => produced[output])]));
            return;
        }
        foreach (Tensor output in node.Outputs)
            produced[output] = output.Type == ElementType.Float32 ? Declare(output, type, plan.Parameters(output, type)) : output;
        var inputs = node.Inputs.ToArray();
        foreach (int i in rule.Data)
            if (inputs[i] is { } input)
                inputs[i] = Operand(node, rule, input, type);
        if (rule.Kind == RuleKind.Weighted)
            inputs = EmitWeights(node, rule, inputs, type);
        else if (rule.Kind == RuleKind.Lstm)
        {
            nodes.Add(LstmEmitter.Emit(node, inputs[0]!, produced[node.Output], plan, names));
            return;
        }
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is { } input && !rule.Data.Contains(i) && produced.TryGetValue(input, out Tensor? other))
                inputs[i] = other;
        nodes.Add(new Node(node.Operator, [.. inputs], [.. node.Outputs.Select(output => produced[output])], node.Source));
    }

    /// <summary>A clamp that the quantization of its result does.</summary>
    private void EmitStored(Node node, Tensor operand, ElementType type)
    {
        Quantization quantization = plan.Parameters(node.Output, type);
        Tensor stored = produced[operand];
        if (stored.Type == type && stored.Quantization!.Equals(quantization) && !graph.IsOutput(node.Output))
        {
            produced[node.Output] = stored;
            return;
        }
        Tensor result = produced[node.Output] = Declare(node.Output, type, quantization);
        nodes.Add(new Node(new Graphs.Quantize(), [stored], [result], node.Source));
    }

    private Node Rewire(Node node) =>
        node.WithInputs([.. node.Inputs.Select(input => input is null ? null : produced.GetValueOrDefault(input, input))]);

    /// <summary>An operand in the form that its operator takes, a constant quantized, another converted where it must be.</summary>
    private Tensor Operand(Node node, OperatorRule rule, Tensor input, ElementType type)
    {
        if (rule.Kind == RuleKind.Same)
            return Convert(input, type, produced[node.Outputs[0]].Quantization, node.Source);
        if (input.Data is { } data)
        {
            Quantization quantization = type == ElementType.Int8 && input.Quantization is { FitsInt8: true } trained
                ? trained
                : Affine.ForRange(QuantizationPlan.RangeOf(data), type);
            return Convert(input, type, quantization, node.Source);
        }
        return Convert(input, type, plan.Parameters(input, type), node.Source);
    }

    /// <summary>True for a constant that is read in real numbers too: it keeps its name there.</summary>
    private bool StaysReal(Tensor constant) =>
        graph.IsOutput(constant) || graph.Consumers(constant)
            .Any(node => plan.Rule(node).Kind == RuleKind.Untouched || plan.TypeOf(node) == ElementType.Float32);

    /// <summary>A tensor in a type and quantization, by a QUANTIZE or DEQUANTIZE where it is not produced so; made once.</summary>
    private Tensor Convert(Tensor tensor, ElementType type, Quantization? quantization, Source source)
    {
        if (tensor.IsConstant && type != ElementType.Float32 && tensor.Type == ElementType.Float32)
        {
            if (!converted.TryGetValue((tensor, type, quantization), out Tensor? constant))
            {
                constant = new Tensor(StaysReal(tensor) || !storedConstants.Add(tensor) ? names.Make($"{tensor.Name}_{type.DisplayName()}")
                    : Name(tensor.Name),
                    Affine.QuantizeConstant(tensor.Data!, type, quantization!), quantization);
                converted[(tensor, type, quantization)] = constant;
            }
            return constant;
        }
        Tensor stored = produced.GetValueOrDefault(tensor, tensor);
        if (stored.Type == type && (type == ElementType.Float32 || stored.Quantization is null || stored.Quantization.Equals(quantization)))
            return stored;
        if (converted.TryGetValue((tensor, type, quantization), out Tensor? done))
            return done;
        if (stored.Type == ElementType.Int8 && type == ElementType.Int16)
            return converted[(tensor, type, quantization)] = Widen(tensor, stored, quantization!, source);
        Tensor result = renamedOutputs.Contains(tensor)
            && (type == ElementType.Float32 || (type == plan.BaseType && plan.Parameters(tensor, type).Equals(quantization)))
            ? tensor.WithType(type, quantization)
            : Suffixed(tensor, type, quantization);
        nodes.Add(new Node(type == ElementType.Float32 ? new Dequantize() : new Graphs.Quantize(), [stored], [result], source));
        return converted[(tensor, type, quantization)] = result;
    }

    /// <summary>
    /// From int8 to int16 by way of real numbers, because older runtimes have no QUANTIZE that does it. With the exact scale nothing is
    /// rounded on the way, and a compiler may make one operation of the two.
    /// </summary>
    private Tensor Widen(Tensor tensor, Tensor stored, Quantization quantization, Source source)
    {
        Quantization exact = Affine.Widened(stored.Quantization!);
        if (!exact.Equals(quantization))
        {
            Tensor wide = Convert(tensor, ElementType.Int16, exact, source), scaled = Suffixed(tensor, ElementType.Int16, quantization);
            nodes.Add(new Node(new Graphs.Quantize(), [wide], [scaled], source));
            return scaled;
        }
        Tensor real = converted.TryGetValue((tensor, ElementType.Float32, null), out Tensor? made) ? made
            : Suffixed(tensor, ElementType.Float32, null);
        if (made is null)
            nodes.Add(new Node(new Dequantize(), [stored], [converted[(tensor, ElementType.Float32, null)] = real], source));
        Tensor result = IsNarrow(tensor) && renamedOutputs.Contains(tensor) ? tensor.WithType(ElementType.Int16, quantization)
            : Suffixed(tensor, ElementType.Int16, quantization);
        nodes.Add(new Node(new Graphs.Quantize(), [real], [result], source));
        return result;
    }

    private Tensor?[] EmitWeights(Node node, OperatorRule rule, Tensor?[] inputs, ElementType type)
    {
        Tensor weights = node.Input(rule.Weights);
        Tensor? bias = node.TryInput(rule.Bias);
        bool perAxis = node.Operator is not FullyConnected || OperatorTypes.IsListed(options.PerChannelLayers, node);
        int units = weights.Shape[rule.Axis];
        QuantizedWeights quantized =
            WeightQuantizer.Quantize(weights.Data!, weights.Quantization, bias?.Data, perAxis ? rule.Axis
            : null, units, inputs[rule.Data[0]]!.Quantization!.Scale, type, means?.Shift(node), rounding?.For(node) is { } rounder
            ? (values, scales, stored) => rounder.Round(values, scales, stored, cancellation) : null);
        var result = new Tensor?[Math.Max(inputs.Length, rule.Bias + 1)];
        inputs.CopyTo(result, 0);
        result[rule.Weights] = new Tensor(Name(weights.Name), quantized.Weights, quantized.WeightScales);
        result[rule.Bias] = new Tensor(Name(bias?.Name ?? $"{node.Output.Name}/bias"), quantized.Bias, quantized.BiasScales);
        return result;
    }

    private readonly HashSet<string> usedConstantNames = new(StringComparer.Ordinal);

    /// <summary>A constant's own name if nobody took it yet.</summary>
    private string Name(string wanted) => usedConstantNames.Add(wanted) ? wanted : names.Make(wanted);

    private Tensor Declare(Tensor tensor, ElementType type, Quantization quantization) =>
        renamedOutputs.Contains(tensor) ? Suffixed(tensor, type, quantization) : tensor.WithType(type, quantization);

    private Tensor Suffixed(Tensor tensor, ElementType type, Quantization? quantization) =>
        tensor.WithName(names.Make($"{tensor.Name}_{type.DisplayName()}")).WithType(type, quantization);
}
