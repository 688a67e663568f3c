using System.CommandLine;
using System.Globalization;
using EthosU.Cli.Output;
using EthosU.Pipeline.Accuracy;
using EthosU.Pipeline.Targets;
using EthosU.Quantize;
using EthosU.Quantize.Accuracy;
using Spectre.Console;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu accuracy</c>.</summary>
internal static class AccuracyCommand
{
    private const double Exact = 150; // dB, what a ratio is where nothing differs

    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "The model: .pt2 (torch.export.save) or .onnx." };
        Argument<string> quantized = new("QUANTIZED") { Description = "The quantized model made of it (.tflite)." };
        Option<string> test =
            new("--data") { Description = "Data to compare on: a .npz or .npy file, or a folder of .npy files or of images.", HelpName =
            "PATH", Required = true };
        Option<string?> labels =
            new("--labels") { Description = "The array of a .npz that holds the right classes. Default: y or labels, where there is one.",
            HelpName = "NAME" };
        Option<string?> report =
            new("--report") { Description = "Write everything measured, also of every tensor, as JSON.", HelpName = "FILE" };
        Option<bool> fix = new("--fix") { Description = "Try changes of the quantization and write a model with those that help." };
        Option<string?> output =
            new("--output", "-o") { Description = "For --fix: the file to write. Default: the quantized model's name with _fixed.",
            HelpName = "FILE" };
        Option<string?> calibration =
            new("--calibration") { Description = "For --fix: the data on which ranges are measured. Default: the data to compare on.",
            HelpName = "PATH" };
        Option<string> precision =
            new("--precision") { Description = "For --fix: the precision of the quantized model.", DefaultValueFactory =
            static _ => "int8" };
        precision.AcceptOnlyFromAmong("int8", "int16x8");
        Option<string> io =
            new("--io") { Description = "For --fix: the type of the quantized model's inputs and outputs.", DefaultValueFactory =
            static _ => "int8" };
        io.AcceptOnlyFromAmong("int8", "float32");
        Option<bool> quiet = new("--quiet", "-q") { Description = "Say nothing but errors." };
        Command command =
            new("accuracy", "Compares a quantized model with the float model it comes from, as a whole and layer by layer.") { model,
            quantized, test, labels };
        DataArguments data = new(command);
        SizeArguments sizes = new(command, hasBatch: false);
        Option<string> target =
            new("--target") { Description = "For --fix: the NPU, or none; layers that it runs in 8 bits only stay in 8 bits.", HelpName =
            "NAME", DefaultValueFactory = static _ => TargetChoice.DefaultAccelerator };
        Option<int> share =
            new("--int16-share") { Description =
            "For --fix: at most so many percent of the layers compute in 16 bits, which cost time and memory.", HelpName =
            "PERCENT", DefaultValueFactory = static _ => 50 };
        share.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int percent) && percent is < 0 or > 100)
                result.AddError("--int16-share must be 0 to 100.");
        });
        foreach (Option option in new Option[] { report, fix, output, calibration, precision, io, target, share, quiet })
            command.Add(option);
        command.SetWork(quiet, (result, context) =>
        {
            string path = result.GetRequiredValue(quantized);
            if (!result.GetValue(fix) && result.GetResult(output) is not null)
                throw new UsageException("--output is for --fix only; use --report for a report");
            if (!result.GetValue(fix)
                && new Option[] { calibration, precision, io, target, share }
                .FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } given)
                throw new UsageException($"{given.Name} is for --fix only");
            AccuracyJobOptions options = new()
            {
                ModelPath = result.GetRequiredValue(model),
                QuantizedPath = path,
                Sizes = sizes.Sizes(result),
                Data = data.Read(result, result.GetValue(test), result.GetValue(labels)),
                ReportPath = result.GetValue(report),
                FixedPath = result.GetValue(fix)
                    ? result.GetValue(output) ?? path.Replace(".tflite", "", StringComparison.OrdinalIgnoreCase) + "_fixed.tflite" : null,
                Int16Share = result.GetValue(share) / 100.0,
                Target = result.GetRequiredValue(target) is var name && name == "none" ? null : new() { Accelerator = name },
                Calibration = result.GetValue(calibration) is { } file ? data.Read(result, file) with { Samples = null } : null,
                Quantization = new()
                {
                    Precision = Enum.Parse<Precision>(result.GetRequiredValue(precision), ignoreCase: true),
                    Io = result.GetValue(io) == "float32" ? EdgeType.Float32 : EdgeType.Quantized,
                },
            };
            AccuracyJobReport done = context.WithProgress(progress => AccuracyJob.Run(options, progress, context.Cancellation));
            if (!context.Quiet)
                Write(context.Output, done);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(TextWriter writer, AccuracyJobReport report)
    {
        Summary(writer, report);
        Table table = Tables.Create("layer", "operator", "type", "SQNR>", "layer alone>", "largest error>", "saturated>");
        foreach (TensorAccuracy tensor in report.Tensors)
        {
            table.Add(tensor.Layer.Length > 0 ? tensor.Layer : tensor.Name, tensor.Operator, tensor.Type, Decibel(tensor.Sqnr),
                tensor.LayerSqnr is { } alone ? Decibel(alone) : "", tensor.MaxError.ToString("G3", CultureInfo.InvariantCulture),
                Share(tensor.Saturated));
            foreach (PartAccuracy part in tensor.Parts)
                table.Add($"  part {part.Name}", "", "", Decibel(part.Sqnr), "", part.MaxError.ToString("G3", CultureInfo.InvariantCulture),
                    "");
        }
        Tables.Write(writer, table);
        FindingText.Write(writer, report.Findings);
        if (report.Fix is { } fix)
            Write(writer, fix);
    }

    private static void Write(TextWriter writer, FixReport fix)
    {
        Table steps = Tables.Create("change tried", "output SQNR>", "gain>", "");
        foreach (FixStep step in fix.Steps)
            steps.Add(step.Change, Decibel(step.OutputSqnr),
                Math.Round(step.Gain, 1).ToString("+0.0 dB;-0.0 dB;0.0 dB", CultureInfo.InvariantCulture), step.Kept ? "kept" : "");
        Tables.Write(writer, steps);
        if (!fix.Int16Layers.IsEmpty)
            writer.WriteLine(
                $"{fix.Int16Layers.Length} {(fix.Int16Layers.Length == 1 ? "layer computes" : "layers compute")} in 16 bits, which cost "
                    + $"time and memory (compare both models with ethosu compile; fewer: --int16-share): "
                    + $"{string.Join(", ", fix.Int16Layers)}");
        writer.WriteLine($"{fix.Output} is written; on the data to compare on:");
        Summary(writer, fix.After);
    }

    private static void Summary(TextWriter writer, AccuracyJobReport report)
    {
        writer.WriteLine($"{report.Samples} samples; signal to quantization noise ratio of the outputs {Decibel(report.OutputSqnr)}");
        if (report is { FloatTop1: { } real, QuantizedTop1: { } integer })
            writer.WriteLine($"top-1: float {Share(real)}, quantized {Share(integer)}");
        if (report is { FloatTop5: { } five, QuantizedTop5: { } quantizedFive })
            writer.WriteLine($"top-5: float {Share(five)}, quantized {Share(quantizedFive)}");
        if (report.Agreement is { } agreement)
            writer.WriteLine($"both models agree on the best class in {Share(agreement)}");
    }

    private static string Decibel(double value) => value switch
    {
        double.NaN => "-",
        >= Exact => "exact",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:F1} dB"),
    };

    private static string Share(double value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value:F2} %");
}
