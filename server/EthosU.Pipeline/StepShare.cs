namespace EthosU.Pipeline;

/// <summary>Passes the share of one step on as a job's progress.</summary>
internal sealed class StepShare(IProgress<JobProgress> progress, string step) : IProgress<double>
{
    public void Report(double value) => progress.Report(new(step, value));
}
