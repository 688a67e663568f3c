using System.CommandLine;
using EthosU.Cli.Output;
using EthosU.Pipeline;
using Spectre.Console;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu convert</c>.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "The ONNX model (.onnx)." };
        Option<string?> output = new("--output", "-o") { Description = "The file to write. Default: the model's name with .tflite, beside the model.", HelpName = "FILE" };
        Option<string> precision = new("--precision") { Description = "int8; int16x8 (16-bit activations, 8-bit weights); or float32 (no quantization).", DefaultValueFactory = static _ => "int8" };
        precision.AcceptOnlyFromAmong("int8", "int16x8", "float32");
        Option<string?> report = new("--report") { Description = "Write what was done, and all findings, as JSON.", HelpName = "FILE" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Say nothing but errors." };
        Command command = new("convert", "Makes a TensorFlow Lite file of an ONNX model exported from PyTorch, quantized for Ethos-U.")
        {
            model, output, precision, report, quiet,
        };
        command.SetWork(quiet, (result, context) =>
        {
            ConvertOptions options = new()
            {
                ModelPath = result.GetRequiredValue(model),
                OutputPath = result.GetValue(output),
                ReportPath = result.GetValue(report),
                Precision = Enum.Parse<Precision>(result.GetRequiredValue(precision), ignoreCase: true),
            };
            ConvertReport done = context.WithProgress(progress => ConvertJob.Run(options, progress, context.Cancellation));
            if (!context.Quiet)
            {
                FindingText.Write(context.Error, done.Findings);
                Write(context.Output, done);
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(TextWriter output, ConvertReport report)
    {
        output.WriteLine($"{report.Output}: {TensorText.Bytes(report.Bytes ?? 0)}, {report.Precision}");
        Table edges = Tables.Create("", "name", "type", "quantization");
        foreach (TensorDescription tensor in report.Inputs)
            edges.Add("input", tensor.Name, TensorText.TypeAndShape(tensor), TensorText.Quantization(tensor));
        foreach (TensorDescription tensor in report.Outputs)
            edges.Add("output", tensor.Name, TensorText.TypeAndShape(tensor), TensorText.Quantization(tensor));
        Tables.Write(output, edges);
        output.WriteLine(string.Join(", ", report.OperatorCounts.Select(static count => $"{count.Count} {count.Name}")));
    }
}
