using System.CommandLine;
using EthosU.Cli.Output;
using EthosU.Graphs;

namespace EthosU.Cli;

/// <summary>Runs commands: gives them their context and turns what they throw into a message and an exit code.</summary>
internal static class CommandActions
{
    /// <summary>Sets what a command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="quiet">Its option for silence; null if it has none.</param>
    /// <param name="run">The work; returns the exit code.</param>
    public static void SetWork(this Command command, Option<bool>? quiet, Func<ParseResult, CommandContext, int> run) =>
        command.SetAction((result, cancellation) =>
        {
            InvocationConfiguration configuration = result.InvocationConfiguration;
            CommandContext context =
                new(configuration.Output, configuration.Error, quiet is not null && result.GetValue(quiet), cancellation);
            return Task.Run(() => Guard(context, () => run(result, context)), CancellationToken.None);
        });

    private static int Guard(CommandContext context, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (UnsupportedModelException e)
        {
            FindingText.Write(context.Error, e.Findings);
            return ExitCodes.Refused;
        }
        catch (ModelFormatException e)
        {
            return Fail(context, e.Message, ExitCodes.Refused);
        }
        catch (Exception e) when (e is UsageException or FormatException or FileNotFoundException or DirectoryNotFoundException)
        {
            return Fail(context, e.Message, ExitCodes.WrongArguments);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(context, e.Message, ExitCodes.Refused);
        }
        catch (OperationCanceledException)
        {
            return Fail(context, "interrupted; no file was written or changed", ExitCodes.Interrupted);
        }
        catch (Exception e)
        {
            context.Error.WriteLine(
                "error: this is a bug in ethosu, not in your model. "
                    + "Please report it with the model, the command line and the lines below.");
            context.Error.WriteLine(e);
            return ExitCodes.Bug;
        }
    }

    private static int Fail(CommandContext context, string message, int code)
    {
        context.Error.WriteLine($"error: {message}");
        return code;
    }
}
