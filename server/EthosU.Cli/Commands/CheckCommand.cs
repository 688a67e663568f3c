using System.CommandLine;
using System.Text;
using EthosU.Cli.Output;
using EthosU.Graphs;
using EthosU.Pipeline;
using EthosU.Pipeline.Checking;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu check</c>.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "The model: .pt2, .onnx or .tflite." };
        Option<string> format =
            new("--format") { Description = "text for people, json for programs, sarif for code hosts and editors.", DefaultValueFactory =
            static _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "sarif");
        Command command =
            new("check", "Says which operators of a model the NPU does not run, why, and what to do. "
                + "Exit code 3 if there are any.") { model };
        TargetArguments target = new(command);
        SizeArguments sizes = new(command);
        command.Add(format);
        command.SetWork(null, (result, context) =>
        {
            CheckOptions options =
                new() { ModelPath = result.GetRequiredValue(model), Target = target.Read(result), BatchSize = sizes.Batch(result), Sizes =
                sizes.Sizes(result) };
            string form = result.GetRequiredValue(format);
            CheckReport report;
            try
            {
                report = CheckJob.Run(options, context.Cancellation);
            }
            catch (UnsupportedModelException e) when (form != "text")
            {
                report = CheckReport.OfRefusal(options.ModelPath, options.Target, e);
            }
            if (form == "json")
                context.Output.Write(Encoding.UTF8.GetString(ReportJson.Write(report)));
            else if (form == "sarif")
                context.Output.Write(SarifReport.Write(report, Environment.CurrentDirectory));
            else
                Write(context.Output, report);
            return report.Refused ? ExitCodes.Refused : report.RunsOnNpuOnly ? ExitCodes.Done : ExitCodes.FallsBack;
        });
        return command;
    }

    private static void Write(TextWriter writer, CheckReport report)
    {
        FindingText.Write(writer, report.Findings);
        int npu = report.Operators - report.CpuOperators;
        string text = report switch
        {
            { CompiledOperations: { } operations } =>
                $"compiled already: {npu} ethos-u {Plural(npu, "operator")} with {operations} {Plural(operations, "operation")} of the "
                    + $"NPU; "
                + (report.RunsOnNpuOnly ? "nothing runs on the CPU"
                : $"{report.CpuOperators} other {Plural(report.CpuOperators, "operator")} on the CPU"),
            { RunsOnNpuOnly: true, Operators: 1 } => "its one operator runs on the NPU",
            { RunsOnNpuOnly: true } => $"all {report.Operators} operators run on the NPU",
            _ => $"{report.CpuOperators} of {report.Operators} operators run on the CPU",
        };
        writer.WriteLine($"{report.Model}: {text} ({report.Target})");
    }

    private static string Plural(int count, string noun) => count == 1 ? noun : noun + "s";
}
