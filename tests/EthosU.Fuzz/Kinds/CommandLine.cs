using System.Globalization;
using System.Text.RegularExpressions;
using EthosU.Cli;

namespace EthosU.Fuzz.Kinds;

/// <summary>Runs commands inside this process.</summary>
internal static partial class CommandLine
{
    /// <summary>The exit code of a command, and what must not happen: an error of the program's own, in one line.</summary>
    public static (int Code, string? Fault) Run(params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        int code;
        try
        {
            code = EthosuCommand.Run(arguments, output, error);
        }
        catch (Exception e)
        {
            return (-1, $"{arguments[0]}: {Signature(e.ToString())}");
        }
        if (code is ExitCodes.Done or ExitCodes.Refused or ExitCodes.WrongArguments or ExitCodes.FallsBack)
            return (code, null);
        return (code, $"{arguments[0]} ends with {code}: {Signature(error.ToString())}");
    }

    /// <summary>An exception's type and the first of our own places in its trace.</summary>
    public static string Signature(string trace)
    {
        string type = ExceptionName().Match(trace).Value;
        Match frame = Frame().Match(trace);
        return $"{type} in {(frame.Success ? frame.Groups[1].Value : "?")}";
    }

    [GeneratedRegex(@"[\w.]+Exception")]
    private static partial Regex ExceptionName();

    [GeneratedRegex(@"at (EthosU\.[\w.`<>]+)")]
    private static partial Regex Frame();
}
