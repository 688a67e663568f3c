using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using EthosU.Cli.Output;
using EthosU.Pipeline;
using EthosU.Pipeline.Inspecting;
using Spectre.Console;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu inspect</c>.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "The model: .pt2, .onnx or .tflite." };
        Option<string> format =
            new("--format") { Description = "text for people, json for programs.", DefaultValueFactory = static _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        Command command =
            new("inspect", "Shows a model's inputs, outputs and operators. Models to convert are shown as imported, in TensorFlow Lite's "
                + "operators.")
        {
            model, format,
        };
        SizeArguments sizes = new(command);
        command.SetWork(null, (result, context) =>
        {
            ModelDescription description =
                InspectJob.Run(result.GetRequiredValue(model), new() { BatchSize = sizes.Batch(result), Sizes = sizes.Sizes(result) },
                context.Cancellation);
            if (result.GetValue(format) == "json")
                context.Output.Write(Encoding.UTF8.GetString(ReportJson.Write(description)));
            else
                Write(context.Output, description);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(TextWriter output, ModelDescription model)
    {
        output.WriteLine($"{model.File}: {model.FormatName}, {model.Operators.Length} operators");
        Tables.Write(output, TensorText.Edges(model.Inputs, model.Outputs));

        Dictionary<string, TensorDescription> tensors = [];
        foreach (TensorDescription tensor in model.Tensors)
            tensors.TryAdd(tensor.Name, tensor);
        Table operators = Tables.Create("#>", "operator", "result", "options", "from");
        for (int i = 0; i < model.Operators.Length; i++)
        {
            OperatorDescription op = model.Operators[i];
            string results = string.Join("; ", op.Outputs.Select(name => TensorText.TypeAndShape(tensors[name])));
            operators.Add($"{i}", op.Name, results, Options(op.Options), FindingText.Place(op.Source));
        }
        Tables.Write(output, operators);
        FindingText.Write(output, model.Findings);
    }

    // Options that say nothing (no activation, no dilation, false) are left out for people.
    private static string Options(JsonObject options) => string.Join(", ", options
        .Select(static option => (option.Key, Value: option.Value?.ToJsonString().Trim('"') ?? ""))
        .Where(static option => option.Value is not ("NONE" or "false" or "" or "0")
        && !(option.Key.StartsWith("dilation", StringComparison.Ordinal) && option.Value == "1"))
        .Select(static option => option.Value == "true" ? option.Key : $"{option.Key} {option.Value}"));
}
