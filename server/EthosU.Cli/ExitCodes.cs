namespace EthosU.Cli;

/// <summary>The program's exit codes.</summary>
internal static class ExitCodes
{
    /// <summary>The work is done.</summary>
    public const int Done = 0;

    /// <summary>The model or its data are refused, or a file cannot be read or written.</summary>
    public const int Refused = 1;

    /// <summary>The arguments are wrong.</summary>
    public const int WrongArguments = 2;

    /// <summary>A checked model does not run on the NPU alone.</summary>
    public const int FallsBack = 3;

    /// <summary>A bug in this program.</summary>
    public const int Bug = 70;

    /// <summary>Interrupted, as shells count it: 128 and the signal's number.</summary>
    public const int Interrupted = 130;
}
