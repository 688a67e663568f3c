namespace EthosU.Cli.Tests;

/// <summary>Runs the command line inside this process.</summary>
internal static class Cli
{
    /// <summary>What a run gave.</summary>
    internal sealed record Result(int Code, string Output, string Error);

    public static Result Run(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = EthosuCommand.Run(args, output, error);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs and expects success.</summary>
    public static string Succeed(params string[] args)
    {
        Result result = Run(args);
        Xunit.Assert.True(result.Code == ExitCodes.Done, $"exit code {result.Code}: {result.Error}");
        return result.Output;
    }
}
