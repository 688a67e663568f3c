using System.CommandLine;
using System.Globalization;
using EthosU.Cli.Output;
using EthosU.Npu;
using EthosU.Pipeline;
using Spectre.Console;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu compile</c>.</summary>
internal static class CompileCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "A quantized TensorFlow Lite model (.tflite), or an ONNX model, which is converted first." };
        Option<string?> output = new("--output", "-o") { Description = "The file to write. Default: the model's name with _npu.tflite, beside the model.", HelpName = "FILE" };
        Option<string> optimise = new("--optimise") { Description = "What matters more: performance or size (of memory).", HelpName = "performance|size", DefaultValueFactory = static _ => "performance" };
        Option<string?> report = new("--report") { Description = "Write placement, operations, memory, estimate and all findings as JSON.", HelpName = "FILE" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Say nothing but errors." };
        Command command = new("compile", "Compiles a model for an Ethos-U55 or U65: what the NPU can run becomes ethos-u operators, the rest stays as it is.") { model, output };
        TargetArguments target = new(command);
        command.Add(optimise);
        ConvertArguments conversion = new(command);
        command.Add(report);
        command.Add(quiet);
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
                Goal = Enum.TryParse(goal, ignoreCase: true, out CompileGoal known) && Enum.IsDefined(known) ? known : throw new UsageException($"--optimise takes performance or size, not '{goal}'"),
                Conversion = conversion.Read(result, path),
            };
            CompileReport done = context.WithProgress(progress => CompileJob.Run(options, progress, context.Cancellation));
            if (!context.Quiet)
            {
                FindingText.Write(context.Error, done.Findings);
                Write(context.Output, done);
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(TextWriter writer, CompileReport report)
    {
        writer.WriteLine($"{report.Output}: {TensorText.Bytes(report.Bytes ?? 0)}, for {report.Target}");
        int all = report.Placement.Length, npu = all - report.CpuOperators;
        writer.WriteLine($"{npu} of {all} operators run on the NPU, in {report.NpuOperators} {(report.NpuOperators == 1 ? "part" : "parts")}");
        if (report is not { Memory: { } memory, Estimate: { } estimate })
            return;
        Table table = Tables.Create("estimate", ">", "memory", ">");
        table.Add("cycles", Number(estimate.TotalCycles), "SRAM", TensorText.Bytes(memory.SramBytes));
        table.Add("milliseconds", estimate.Milliseconds.ToString("F3", CultureInfo.InvariantCulture), "arena", TensorText.Bytes(memory.ArenaBytes));
        table.Add("MACs", Number(estimate.Macs), "weights and constants", TensorText.Bytes(memory.ReadOnlyBytes));
        table.Add("MAC utilisation", (100 * estimate.Utilisation).ToString("F1", CultureInfo.InvariantCulture) + " %", "commands", TensorText.Bytes(memory.CommandBytes));
        Tables.Write(writer, table);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
