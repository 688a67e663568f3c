namespace EthosU.Pipeline;

/// <summary>Passes the share of one step on as a job's progress.</summary>
internal sealed class StepShare(IProgress<JobProgress> progress, string step) : IProgress<double>
{
    /// <summary>A receiver of shares; null if nobody listens.</summary>
    public static StepShare? Of(IProgress<JobProgress>? progress, string step) => progress is null ? null : new(progress, step);

    public void Report(double value) => progress.Report(new(step, value));
}
