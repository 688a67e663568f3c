using EthosU.Cli.Output;
using EthosU.Pipeline;

namespace EthosU.Cli;

/// <summary>What a command has at hand while it runs.</summary>
/// <param name="Output">Standard output: results.</param>
/// <param name="Error">Standard error: findings, errors and progress.</param>
/// <param name="Quiet">True if only errors are wanted.</param>
/// <param name="Cancellation">Cancelled by Ctrl+C.</param>
internal sealed record CommandContext(TextWriter Output, TextWriter Error, bool Quiet, CancellationToken Cancellation)
{
    /// <summary>Runs a job with a progress bar, where there is a terminal to show it.</summary>
    public T WithProgress<T>(Func<IProgress<JobProgress>?, T> job) =>
        Quiet || Error is not PlainWriter { Console: var console } || console != Console.Error || Console.IsErrorRedirected ? job(null)
        : ProgressBar.Run(job);
}
