using System.CommandLine;
using System.Text;
using EthosU.Cli.Output;
using EthosU.Graphs;
using EthosU.Pipeline;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu check</c>.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "The model: .onnx or .tflite." };
        Option<string> format = new("--format") { Description = "text for people, json for programs, sarif for code hosts and editors.", DefaultValueFactory = static _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "sarif");
        Command command = new("check", "Says which operators of a model the NPU does not run, why, and what to do. Exit code 3 if there are any.") { model };
        TargetArguments target = new(command);
        command.Add(format);
        command.SetWork(null, (result, context) =>
        {
            CheckOptions options = new() { ModelPath = result.GetRequiredValue(model), Target = target.Read(result) };
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
        writer.WriteLine(report.RunsOnNpuOnly
            ? $"{report.Model}: all {report.Operators} operators run on the NPU ({report.Target})"
            : $"{report.Model}: {report.CpuOperators} of {report.Operators} operators run on the processor ({report.Target})");
    }
}
