using System.CommandLine;
using System.Text;
using EthosU.Cli.Output;
using EthosU.Pipeline;
using EthosU.Pipeline.Compiling;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu compile</c>.</summary>
internal static class CompileCommand
{
    private const string About = """
        Compiles a model for an Ethos-U55 or U65: what the NPU can run becomes ethos-u operators, the rest stays as it is.

        Vela's options are accepted too, under their names; docs/compiler.md says what each does.
        """;

    private static readonly string Goals = string.Join('|', Enum.GetValues<OptimisationGoal>().Select(static goal => goal.Name()));

    public static Command Create()
    {
        Argument<string?> model =
            new("MODEL") { Arity = ArgumentArity.ZeroOrOne, Description =
            "A quantized TensorFlow Lite model (.tflite), or a .pt2 or ONNX model, which is converted first." };
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
            new("--optimise") { Description =
            "What matters more: performance, the fewest cycles; size, the least memory; or balanced, where less memory begins to cost "
                + "many cycles.", HelpName = Goals, DefaultValueFactory = static _ => OptimisationGoals.Default.Name() };
        Option<string?> frontier =
            new("--frontier") { Description =
            "Write no file, but print the curve of memory against cycles: what each --arena-cache-size would give; as text, or as json.",
            HelpName = "text|json", Arity = ArgumentArity.ZeroOrOne };
        frontier.AcceptOnlyFromAmong("text", "json");
        Option<string?> report =
            new("--report") { Description = "Write placement, operations, memory, estimate and all findings as JSON.", HelpName = "FILE" };
        Option<string?> summary =
            new("--summary") { Description =
            "Write the figures as one row of comma-separated values, with Vela's columns; with --output-dir that is always done.",
            HelpName = "FILE" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Say nothing but errors." };
        Command command = new("compile", About) { model, output, directory, format };
        TargetArguments target = new(command);
        command.Add(optimise);
        command.Add(frontier);
        ConvertArguments conversion = new(command);
        command.Add(report);
        command.Add(summary);
        command.Add(quiet);
        VelaArguments vela = new(command);
        StandaloneArguments standalone = new(command);
        PassArguments passes = new(command);
        command.SetWork(quiet, (result, context) =>
        {
            if (standalone.Run(result, result.GetValue(directory) ?? "", context))
                return ExitCodes.Done;
            string path = result.GetValue(model) ?? throw new UsageException("the model to compile is missing");
            string goal = result.GetRequiredValue(optimise);
            CompileJobOptions options = new()
            {
                ModelPath = path,
                OutputPath = result.GetValue(output),
                ReportPath = result.GetValue(report),
                Target = target.Read(result),
                Goal = OptimisationGoals.Find(goal) ?? throw new UsageException($"--optimise takes {Goals}, not '{goal}'"),
                SummaryPath = result.GetValue(summary),
                CpuTensorAlignment = vela.CpuTensorAlignment(result),
                ForceSymmetricWeights = vela.ForcesSymmetricWeights(result),
                Format = result.GetValue(format) == "raw" ? CompiledFormat.Raw : CompiledFormat.TfLite,
                OperatorsOnCpu = vela.OperatorsOnCpu(result),
                Conversion = conversion.Read(result, path),
                Passes = passes.Read(result, context),
            };
            vela.Explain(result, context);
            if (result.GetResult(frontier) is { Implicit: false })
                return PrintFrontier(options, result.GetValue(frontier) == "json", context);
            if (result.GetValue(directory) is { } folder)
                options = InFolder(options, folder);
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

    private static int PrintFrontier(CompileJobOptions options, bool asJson, CommandContext context)
    {
        FrontierReport curve = context.WithProgress(progress => FrontierJob.Run(options, progress, context.Cancellation));
        if (asJson)
            context.Output.Write(Encoding.UTF8.GetString(ReportJson.Write(curve)));
        else
            CompileText.WriteFrontier(context.Output, curve);
        return ExitCodes.Done;
    }

    /// <summary>The same with the files that Vela writes into a folder.</summary>
    private static CompileJobOptions InFolder(CompileJobOptions options, string folder)
    {
        if (options.OutputPath is not null)
            throw new UsageException("--output and --output-dir both say where to write; give one of them");
        // A folder for a model that is not there would stay behind.
        if (File.Exists(options.ModelPath))
            Directory.CreateDirectory(folder);
        string name = Path.Combine(folder, Path.GetFileNameWithoutExtension(options.ModelPath));
        return options with
        {
            OutputPath = name + (options.Format == CompiledFormat.Raw ? "_vela.npz" : "_vela.tflite"),
            SummaryPath = options.SummaryPath ?? $"{name}_summary_{options.Target.Summary().SystemConfig}.csv",
        };
    }
}
