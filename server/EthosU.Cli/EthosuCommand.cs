using System.CommandLine;
using System.CommandLine.Parsing;
using EthosU.Cli.Commands;
using EthosU.Cli.Output;

namespace EthosU.Cli;

/// <summary>The program: its commands and what is common to them.</summary>
internal static class EthosuCommand
{
    private const string About = """
        Takes a PyTorch network, saved by torch.export or exported to ONNX, to an Arm Ethos-U NPU.

        First steps:
          ethosu convert model.pt2 --calibration images/       makes model.tflite, all int8
          ethosu compile model.tflite --target ethos-u55-128   makes model_npu.tflite, for the NPU
          ethosu inspect model.tflite                          shows what is in it
          ethosu run model.tflite --input x.npy                runs it

        Exit codes: 0 done, 1 the model or its data are refused, 2 wrong arguments, 3 (check) not all runs on the NPU,
        130 interrupted.
        """;

    /// <summary>Runs the program; returns its exit code.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        (output, error) = (new PlainWriter(output), new PlainWriter(error));
        ParseResult result = Build().Parse(args);
        if (result.Errors.Count > 0)
            return Refuse(result, error);
        return result.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
        }).GetAwaiter().GetResult();
    }

    private static RootCommand Build() => new(About)
    {
        ConvertCommand.Create(),
        CompileCommand.Create(),
        CheckCommand.Create(),
        InspectCommand.Create(),
        RunCommand.Create(),
        AccuracyCommand.Create(),
        DisassembleCommand.Create(),
    };

    private static int Refuse(ParseResult result, TextWriter error)
    {
        foreach (ParseError problem in result.Errors)
            error.WriteLine($"error: {string.Join(' ', problem.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        List<string> names = [];
        for (SymbolResult? command = result.CommandResult; command is CommandResult { Command: var c }; command = command.Parent)
            names.Insert(0, c is RootCommand ? "ethosu" : c.Name);
        error.WriteLine($"'{string.Join(' ', names)} --help' explains the arguments.");
        return ExitCodes.WrongArguments;
    }
}
