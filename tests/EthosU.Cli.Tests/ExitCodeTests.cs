using System.CommandLine;
using EthosU.Graphs;
using EthosU.Import;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>What a command throws decides the exit code.</summary>
public sealed class ExitCodeTests
{
    public static TheoryData<string, int> Codes => new()
    {
        { "fault", ExitCodes.Bug },
        { "operation", ExitCodes.Bug },
        { "damaged", ExitCodes.Refused },
        { "cancelled", ExitCodes.Interrupted },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_bug_is_told_from_what_is_wrong_with_a_file(string what, int code)
    {
        Command command = new("work");
        command.SetWork(null, (_, _) => throw Thrown(what));
        using StringWriter output = new(), error = new();
        Assert.Equal(code, command.Parse([]).Invoke(new() { Output = output, Error = error }));
        Assert.Equal(code == ExitCodes.Bug,
            error.ToString().Contains("this is a bug in ethosu, not in your model", StringComparison.Ordinal));
        if (what == "fault")
            Assert.Contains("the import of Conv 'conv1' failed (KeyNotFoundException", error.ToString(), StringComparison.Ordinal);
    }

    private static Exception Thrown(string what) => what switch
    {
        "fault" => new ImportFaultException(new("Conv", "y", new Source { NodeName = "conv1" }), new KeyNotFoundException()),
        "operation" => new InvalidOperationException(),
        "damaged" => new ModelFormatException("net.onnx", "node 'conv1'", "it is damaged"),
        _ => new OperationCanceledException(),
    };
}
