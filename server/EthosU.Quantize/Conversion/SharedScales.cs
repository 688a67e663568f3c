using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>Which tensors share a quantization, and scales that follow from those of others.</summary>
/// <param name="lowered">The graph.</param>
/// <param name="types">What operators compute in.</param>
/// <param name="groups">The tensors' ranges; what is decided here changes them.</param>
/// <param name="operandScale">The scale of an operand, activation or constant, as integers of a type.</param>
internal sealed class SharedScales(LoweredGraph lowered, OperatorTypes types, TensorGroups groups,
    Func<Tensor, ElementType, double> operandScale)
{
    private readonly List<Finding> findings = [];

    /// <summary>What a user should know.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>
    /// Lets tensors share a quantization where operators ask for it. Where that would cost too much accuracy, they are left apart, and a
    /// QUANTIZE comes between (tflite-kernels 1.3).
    /// </summary>
    public void Unite()
    {
        foreach ((Tensor input, Tensor output) in types.States)
            if (groups.Contains(input) && groups.Contains(output) && groups.TryUnite(output, input))
                findings.Add(new("quantize-state", FindingSeverity.Info,
                    $"Input '{input.Name}' and output '{output.Name}' are taken for recurrent state: both are "
                        + $"{types.Stored[input].DisplayName()} of one scale, so that the output can be given back as it is.",
                    "Start with the zero point.", Source.None) { Tensor = input.Name });
        foreach ((Node stored, (Tensor operand, _)) in lowered.Saturating) // what nobody else reads is stored as it is wanted at once
            if (lowered.Graph.HasSingleUse(operand) && groups.Contains(operand) && groups.Fixed(operand) is null
                && types.Stored[operand] == types.Stored[stored.Output]
                && lowered.Graph.Producer(operand) is var producer
                && (producer is null || types.Rule(producer).Kind is RuleKind.Free or RuleKind.Weighted))
                groups.TryUnite(stored.Output, operand);
        foreach (Node node in lowered.Graph.Nodes
            .Where(node => types.Rule(node).Kind == RuleKind.Same && types.Of(node) != ElementType.Float32))
        {
            ElementType type = types.Of(node)!.Value;
            Tensor[] operands =
                [.. types.Rule(node).Data.Select(node.TryInput).OfType<Tensor>().Where(t => groups.Contains(t) && types.Stored[t] == type)
                .Distinct()];
            Tensor[] results = [.. node.Outputs.Where(groups.Contains)];
            foreach (Tensor result in results.Skip(1))
                groups.TryUnite(results[0], result);
            if (results.Length == 0)
                continue;
            bool single = types.Rule(node).Data.Length == 1;
            ValueRange all = operands.Aggregate(groups.Range(results[0]), (range, t) => range.Union(groups.Range(t)));
            foreach (Tensor operand in operands)
                if (single || QuantizationPlan.WholeOf(lowered.Graph, operand) == results[0] || IsNear(operand, results[0], all))
                    groups.TryUnite(results[0], operand);
        }
    }

    /// <summary>Lets no result have a finer scale than its kernel takes, as sums whose terms cancel would.</summary>
    public void WidenResults()
    {
        foreach (Node node in lowered.Graph.Nodes)
        {
            if (!types.IsInteger(node) || node.Outputs.IsEmpty
                || !groups.Contains(node.Output) || groups.Fixed(node.Output) is not null)
                continue;
            ElementType type = types.Of(node)!.Value;
            double finest = KernelLimits.FinestResult(node, type, tensor => operandScale(tensor, type));
            if (operandScale(node.Output, type) < finest)
                groups.Widen(node.Output, (float)(finest * (type == ElementType.Int8 ? byte.MaxValue : short.MaxValue)));
        }
    }

    /// <summary>Lets factors and summands of one number move scale or zero point, where what they read is rounded just before.</summary>
    public void TieScalarSteps()
    {
        foreach (Node node in lowered.Graph.Nodes.Reverse())
        {
            if (types.Of(node) != ElementType.Int8 || ScalarSteps.Find(node) is not { } step
                || types.Stored.GetValueOrDefault(step.Operand, step.Operand.Type) != ElementType.Int8
                || !groups.Contains(step.Operand) || !groups.Contains(node.Output)
                || lowered.Graph.Producer(step.Operand) is not { } producer
                || types.Rule(producer).Kind is not (RuleKind.Free or RuleKind.Weighted) || types.Of(producer) != ElementType.Int8
                || !lowered.Graph.HasSingleUse(step.Operand) || !groups.IsAlone(step.Operand) || groups.Fixed(step.Operand) is not null)
                continue;
            Tensor result = node.Output;
            if (ScalarSteps.Tie(step.Factor, step.Summand, groups.Range(result), groups.Fixed(result)) is not { } tied
                || tied.Operand.Scale
                < KernelLimits.FinestResult(producer, ElementType.Int8, tensor => operandScale(tensor, ElementType.Int8)))
                continue;
            groups.Fix(result, tied.Result);
            groups.Fix(step.Operand, tied.Operand);
        }
    }

    /// <summary>
    /// True if an operand may take part in the common range: it is not much smaller, or its fixed quantization holds all.
    /// </summary>
    private bool IsNear(Tensor operand, Tensor result, ValueRange all)
    {
        ElementType type = types.Stored[operand];
        Quantization? given = groups.Fixed(operand) ?? groups.Fixed(result);
        ValueRange range = given is null ? all : Affine.RangeOf(given, type);
        return range.Covers(all, range.Width / 100) && groups.Range(operand).Width * 4 >= range.Width && all.Width * 4 >= range.Width;
    }
}
