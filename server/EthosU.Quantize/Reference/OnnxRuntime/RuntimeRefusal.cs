using System.Text.RegularExpressions;

namespace EthosU.Quantize.Reference.OnnxRuntime;

/// <summary>
/// What ONNX Runtime says of a model that it refuses: the node and the reason, without its codes, its own source files and its C++.
/// </summary>
/// <param name="Node">Name and type of the node concerned, as <c>'name' (Type)</c>; null if it names none.</param>
/// <param name="Reason">The reason; empty where only C++ was left.</param>
internal sealed partial record RuntimeRefusal(string? Node, string Reason)
{
    /// <summary>Takes a message of ONNX Runtime apart.</summary>
    public static RuntimeRefusal Of(string message)
    {
        string text = Prefix().Replace(message.Split('\n', 2)[0].Trim(), "", 1);
        string? node = null;
        foreach (Regex form in (Regex[])[Running(), InvalidNode(), Inference()])
            if (form.Match(text) is { Success: true } match)
            {
                node = $"'{match.Groups["name"].Value}' ({match.Groups["type"].Value})";
                text = text[(match.Index + match.Length)..];
                break;
            }
        text = Invalid().Replace(text, "", 1);
        if (Condition().Match(text) is { Success: true } condition)
            text = text[(condition.Index + condition.Length)..];
        return new(node, text.Trim().TrimEnd('.', ' '));
    }

    /// <summary>The refusal as the end of a sentence that begins with what was tried.</summary>
    public override string ToString() => (Node, Reason) switch
    {
        (null, "") => "an attribute has a value that it does not know",
        (null, _) => Reason,
        (_, "") => $"node {Node} has an attribute with a value that it does not know",
        _ => $"node {Node}: {Reason}",
    };

    [GeneratedRegex(@"^(\[ErrorCode:\w+\] ?)?(Load model from [^\n]*? failed:)?(Exception during initialization: )?")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^Non-zero status code returned while running (?<type>\S+) node\. Name:'(?<name>[^']*)' Status Message: ")]
    private static partial Regex Running();

    [GeneratedRegex(@"^This is an invalid model\. In Node, \(""(?<name>[^""]*)"", (?<type>[^,]*), .*?, Error ")]
    private static partial Regex InvalidNode();

    [GeneratedRegex(@"^Node \((?<name>[^)]*)\) Op \((?<type>[^)]*)\) (\[\w+\] )?")]
    private static partial Regex Inference();

    [GeneratedRegex(@"^This is an invalid model\. (Error: )?")]
    private static partial Regex Invalid();

    // The file and line, the function, the condition that does not hold.
    [GeneratedRegex(@"^/\S+:\d+ .*( was false\. ?|\[ONNXRuntimeError\] : \d+ : \w+ : )")]
    private static partial Regex Condition();
}
