using System.CommandLine;
using System.Globalization;
using EthosU.Cli.Output;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Targets;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu convert</c>.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "The model: .pt2 (torch.export.save) or .onnx." };
        Option<string?> output =
            new("--output", "-o") { Description = "The file to write. Default: the model's name with .tflite, beside the model.", HelpName =
            "FILE" };
        Option<string?> report = new("--report") { Description = "Write what was done, and all findings, as JSON.", HelpName = "FILE" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Say nothing but errors." };
        Command command =
            new("convert", "Makes a TensorFlow Lite file of a network exported from PyTorch, quantized for Ethos-U.") { model, output };
        ConvertArguments conversion = new(command);
        command.Add(report);
        command.Add(quiet);
        Option<string> target =
            new("--target") { Description = "For --max-slowdown: the NPU whose cycles count.", HelpName = "NAME",
                DefaultValueFactory = static _ => TargetChoice.DefaultAccelerator };
        command.Add(target);
        PassArguments passes = new(command);
        command.SetWork(quiet, (result, context) =>
        {
            ConvertOptions options = conversion.Read(result, result.GetRequiredValue(model)) with
            {
                OutputPath = result.GetValue(output),
                ReportPath = result.GetValue(report),
                Target = new() { Accelerator = result.GetRequiredValue(target) },
                Passes = passes.Read(result, context),
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
        string calibrated = report.Calibration is { } c
            ? $", calibrated on {c.Samples} samples of {c.Data ?? "random numbers"} ({c.Method})" : "";
        output.WriteLine($"{report.Output}: {TensorText.Bytes(report.Bytes ?? 0)}, {report.Precision}{calibrated}");
        if (report.Mixed is { } mixed)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{mixed.Layers.Length} layers compute in 16 bits: outputs {mixed.SqnrBefore:F1} dB -> {mixed.SqnrAfter:F1} dB "
                    + $"on calibration data, {mixed.CyclesBefore:N0} -> {mixed.CyclesAfter:N0} cycles on {mixed.Target}"));
        Tables.Write(output, TensorText.Edges(report.Inputs, report.Outputs));
        output.WriteLine($"Operators: {string.Join(", ", report.OperatorCounts.Select(static count => $"{count.Count} {count.Name}"))}");
    }
}
