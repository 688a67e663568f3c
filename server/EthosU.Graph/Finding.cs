namespace EthosU.Graphs;

/// <summary>Something a user should know about a model: data for front ends to show, who decide nothing themselves.</summary>
/// <param name="RuleId">Stable id of the rule, such as <c>onnx-unsupported-operator</c>; documented in <c>docs/rules</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Reason">What is the case, in a PyTorch user's words.</param>
/// <param name="Advice">What to do about it.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record Finding(string RuleId, FindingSeverity Severity, string Reason, string Advice, Source Source)
{
    /// <summary>The operator concerned, in TensorFlow Lite's or ONNX's spelling; null if it is about the whole model.</summary>
    public string? Operator { get; init; }

    /// <summary>The tensor concerned, if one is.</summary>
    public string? Tensor { get; init; }

    /// <summary>The name under which a size that the model leaves open can be fixed, if that is what is wrong.</summary>
    public string? OpenSize { get; init; }

    /// <summary>Severity, rule, place, reason and advice on one line.</summary>
    public override string ToString()
    {
        string place = Source.ToString();
        string where = (Operator, place) switch
        {
            (null, "") => "",
            (null, _) => $"{place}: ",
            (_, "") => $"{Operator}: ",
            _ => $"{Operator} {place}: ",
        };
        return $"{Severity.ToString().ToLowerInvariant()} {RuleId}: {where}{Reason} {Advice}".TrimEnd();
    }
}
