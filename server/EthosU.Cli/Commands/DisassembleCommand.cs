using System.CommandLine;
using EthosU.Pipeline.Disassembling;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu disassemble</c>.</summary>
internal static class DisassembleCommand
{
    public static Command Create()
    {
        Argument<string> model =
            new("MODEL") { Description = "A compiled model (.tflite with ethos-u operators), from whichever compiler." };
        Option<string> format =
            new("--format") { Description = "text for people, json for programs.", DefaultValueFactory = static _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        Command command =
            new("disassemble",
            "Shows the commands inside a compiled model's ethos-u operators, with decoded fields, grouped by operation.") { model, format };
        command.SetWork(null, (result, context) =>
        {
            string path = result.GetRequiredValue(model);
            context.Output.Write(result.GetValue(format) == "json" ? DisassembleJob.ToJson(path) : DisassembleJob.ToText(path));
            return ExitCodes.Done;
        });
        return command;
    }
}
