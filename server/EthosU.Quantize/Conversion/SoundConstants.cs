using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>Constants that no integers stand for: values that are not a number, and infinite ones where they are no mask.</summary>
internal static class SoundConstants
{
    /// <summary>What is wrong with the constants of an operator that is quantized; null if nothing is.</summary>
    public static Finding? Fault(Node node, OperatorRule rule)
    {
        // −∞ that is added, chosen or joined says "never": it becomes the lowest number of its range.
        bool masks = rule.Kind == RuleKind.Same || node.Operator is Binary { Kind: BinaryKind.Add or BinaryKind.Sub } or Compare;
        foreach (Tensor constant in node.Inputs.OfType<Tensor>().Where(input => input is { Type: ElementType.Float32, Data: not null }))
        {
            ReadOnlySpan<float> values = constant.Data!.AsSpan<float>();
            int bad = -1;
            for (int i = 0; i < values.Length && bad < 0; i++)
                if (float.IsNaN(values[i]) || (!masks && float.IsInfinity(values[i])))
                    bad = i;
            if (bad >= 0)
                return new("quantize-constant-not-finite", FindingSeverity.Error,
                    $"Element {bad} of the constant '{constant.Name}' is {(float.IsNaN(values[bad]) ? "not a number (NaN)" : "infinite")}.",
                    "Check the trained weights and the scales of the exported model: no integer stands for such a value.", node.Source)
                { Operator = node.Operator.Name, Tensor = constant.Name };
        }
        return null;
    }
}
