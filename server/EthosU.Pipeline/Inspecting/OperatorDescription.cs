using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Inspecting;

/// <summary>An operator in a report.</summary>
/// <param name="Name">Its name in TensorFlow Lite's spelling, such as <c>CONV_2D</c>.</param>
/// <param name="Inputs">Names of the tensors that it reads; null for one that is left out.</param>
/// <param name="Outputs">Names of the tensors that it computes.</param>
/// <param name="Options">Its options by name; enums in TensorFlow Lite's spelling, such as <c>SAME</c> or <c>RELU6</c>.</param>
/// <param name="Source">Where it comes from; absent if that is not known.</param>
public sealed record OperatorDescription(string Name, ImmutableArray<string?> Inputs, ImmutableArray<string> Outputs, JsonObject Options,
    SourceReport? Source)
{
    private const string ActivationOption = "activation";
    private const string AcceleratorOption = "accelerator";
    private const string DamagedOption = "damaged";
    private const string FusedActivationOption = "fusedActivation";

    internal static OperatorDescription Of(Node node, string fileName)
    {
        JsonObject options = [];
        if (EthosUNode.Matches(node))
            Describe(node, fileName, options);
        foreach ((string name, object value) in OperatorOptions.List(node.Operator))
            options[name == ActivationOption ? FusedActivationOption : name] = Json(value);
        return new(node.Operator.Name, [.. node.Inputs.Select(static input => input?.Name)],
            [.. node.Outputs.Select(static output => output.Name)],
            options, SourceReport.Of(node.Source));
    }

    /// <summary>What an <c>ethos-u</c> operator is for, or why that cannot be read.</summary>
    private static void Describe(Node node, string fileName, JsonObject options)
    {
        try
        {
            ReadOnlyMemory<byte> payload = EthosUNode.Of(node, fileName).Payload.Data is { } data ? data.Bytes : default;
            options[AcceleratorOption] = DriverPayload.Decode(payload.Span, fileName).Config.AcceleratorName;
        }
        catch (ModelFormatException error)
        {
            options[DamagedOption] = error.Message;
        }
    }

    private static JsonNode? Json(object value) => value switch
    {
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        float number => float.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)),
        string text => JsonValue.Create(text),
        ElementType type => JsonValue.Create(type.DisplayName()),
        FusedActivation.ReluN1To1 => JsonValue.Create("RELU_N1_TO_1"),
        Enum word => JsonValue.Create(UpperSnakeCase(word.ToString())),
        IEnumerable list => new JsonArray([.. list.Cast<object>().Select(Json)]),
        _ => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };

    private static string UpperSnakeCase(string word)
    {
        StringBuilder text = new();
        for (int i = 0; i < word.Length; i++)
            text.Append(i > 0 && char.IsUpper(word[i]) ? "_" : "").Append(char.ToUpperInvariant(word[i]));
        return text.ToString();
    }
}
