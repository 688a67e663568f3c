using System.CommandLine;
using EthosU.Cli.Output;
using EthosU.Pipeline.Compiling;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu compile</c>.</summary>
internal static class CompileCommand
{
    private const string About = """
        Compiles a model for an Ethos-U55 or U65: what the NPU can run becomes ethos-u operators, the rest stays as it is.

        Vela's options are accepted too, under their names; docs/compiler.md says what each does.
        """;

    public static Command Create()
    {
        Argument<string> model =
            new("MODEL") { Description = "A quantized TensorFlow Lite model (.tflite), or an ONNX model, which is converted first." };
        Option<string?> output =
            new("--output", "-o") { Description =
            "The file to write. Default: the model's name with _npu.tflite (raw: _npu.npz), beside the model.", HelpName = "FILE" };
        Option<string?> directory =
            new("--output-dir") { Description =
            "Write into this folder instead, under the name that Vela gives: the model's with _vela.tflite (raw: _vela.npz). It is created "
                + "if missing.", HelpName = "DIR" };
        Option<string> format =
            new("--format", "--output-format") { Description =
            "tflite, for TensorFlow Lite Micro; or raw: the parts alone as NumPy arrays (.npz), for programs that drive the NPU themselves.",
            DefaultValueFactory = static _ => "tflite" };
        format.AcceptOnlyFromAmong("tflite", "raw");
        Option<string> optimise =
            new("--optimise") { Description = "What matters more: performance or size (of memory).", HelpName =
            "performance|size", DefaultValueFactory = static _ => "performance" };
        Option<string?> report =
            new("--report") { Description = "Write placement, operations, memory, estimate and all findings as JSON.", HelpName = "FILE" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Say nothing but errors." };
        Command command = new("compile", About) { model, output, directory, format };
        TargetArguments target = new(command);
        command.Add(optimise);
        ConvertArguments conversion = new(command);
        command.Add(report);
        command.Add(quiet);
        VelaArguments vela = new(command);
        PassArguments passes = new(command);
        command.SetWork(quiet, (result, context) =>
        {
            string path = result.GetRequiredValue(model);
            string goal = result.GetRequiredValue(optimise);
            CompileJobOptions options = new()
            {
                ModelPath = path,
                OutputPath = result.GetValue(output),
                ReportPath = result.GetValue(report),
                Target = target.Read(result),
                OptimiseForSize = IsSize(goal),
                Format = result.GetValue(format) == "raw" ? CompiledFormat.Raw : CompiledFormat.TfLite,
                OperatorsOnCpu = vela.OperatorsOnCpu(result),
                Conversion = conversion.Read(result, path),
                Passes = passes.Read(result, context),
            };
            vela.Explain(result, context);
            if (result.GetValue(directory) is { } folder)
                options = options with { OutputPath = VelaPath(options, folder) };
            CompileReport done = context.WithProgress(progress => CompileJob.Run(options, progress, context.Cancellation));
            if (!context.Quiet)
            {
                FindingText.Write(context.Error, done.Findings);
                if (vela.ShowsTarget(result))
                    CompileText.WriteTarget(context.Output, options.Target.Summary());
                if (vela.ShowsOperations(result))
                    CompileText.WriteOperations(context.Output, done);
                if (vela.ShowsCpuOperators(result))
                    CompileText.WriteCpuOperators(context.Output, done);
                CompileText.Write(context.Output, done);
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static bool IsSize(string goal) => goal.ToUpperInvariant() switch
    {
        "SIZE" => true,
        "PERFORMANCE" => false,
        _ => throw new UsageException($"--optimise takes performance or size, not '{goal}'"),
    };

    private static string VelaPath(CompileJobOptions options, string folder)
    {
        if (options.OutputPath is not null)
            throw new UsageException("--output and --output-dir both say where to write; give one of them");
        // A folder for a model that is not there would stay behind.
        if (File.Exists(options.ModelPath))
            Directory.CreateDirectory(folder);
        return Path.Combine(folder,
            Path.GetFileNameWithoutExtension(options.ModelPath) + (options.Format == CompiledFormat.Raw ? "_vela.npz" : "_vela.tflite"));
    }
}
