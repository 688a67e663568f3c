using System.CommandLine;
using System.Text;
using EthosU.Cli.Output;
using EthosU.Pipeline;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu check</c>.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "The model: .onnx or .tflite." };
        Option<string> format = new("--format") { Description = "text for people, json for programs.", DefaultValueFactory = static _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        Command command = new("check", "Says which operators of a model the NPU does not run, why, and what to do. Exit code 3 if there are any.") { model };
        TargetArguments target = new(command);
        command.Add(format);
        command.SetWork(null, (result, context) =>
        {
            CheckReport report = CheckJob.Run(new() { ModelPath = result.GetRequiredValue(model), Target = target.Read(result) }, context.Cancellation);
            if (result.GetValue(format) == "json")
            {
                context.Output.Write(Encoding.UTF8.GetString(ReportJson.Write(report)));
            }
            else
            {
                FindingText.Write(context.Output, report.Findings);
                context.Output.WriteLine(report.RunsOnNpuOnly
                    ? $"{report.Model}: all {report.Operators} operators run on the NPU ({report.Target})"
                    : $"{report.Model}: {report.CpuOperators} of {report.Operators} operators run on the processor ({report.Target})");
            }
            return report.RunsOnNpuOnly ? ExitCodes.Done : ExitCodes.FallsBack;
        });
        return command;
    }
}
