using System.CommandLine;
using EthosU.Cli;
using EthosU.Cli.Commands;
using EthosU.Graphs;

Terminal terminal = new();
RootCommand root = new("Takes a network from PyTorch's ONNX export to an Arm Ethos-U NPU.")
{
    ConvertCommand.Create(terminal),
    InspectCommand.Create(terminal),
};

ParseResult arguments = root.Parse(args);
if (arguments.Errors.Count > 0)
{
    foreach (var problem in arguments.Errors)
        terminal.Error(problem.Message);
    Console.Error.WriteLine($"'ethosu {string.Join(' ', arguments.CommandResult.Command == root ? [] : [arguments.CommandResult.Command.Name + " "])}--help' shows what is possible.");
    return ExitCode.WrongArguments;
}

using CancellationTokenSource cancellation = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancellation.Cancel();
};

try
{
    return await arguments.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, cancellation.Token);
}
catch (UnsupportedModelException refused)
{
    terminal.Findings(refused.Findings);
    return ExitCode.Refused;
}
catch (ModelFormatException damaged)
{
    terminal.Error(damaged.Message);
    return ExitCode.Refused;
}
catch (ArgumentsException wrong)
{
    terminal.Error(wrong.Message);
    return ExitCode.WrongArguments;
}
catch (OperationCanceledException)
{
    terminal.Error("cancelled; nothing was written");
    return ExitCode.Cancelled;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    terminal.Error(e.Message);
    return ExitCode.Refused;
}
