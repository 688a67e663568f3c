using EthosU.Pipeline;
using EthosU.Pipeline.Reports;
using Spectre.Console;

namespace EthosU.Cli.Output;

/// <summary>Shows a job's steps as they run, on standard error.</summary>
internal static class ProgressBar
{
    /// <summary>Runs a job with the bar shown; it disappears at the end.</summary>
    public static T Run<T>(Func<IProgress<JobProgress>?, T> job)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(),
            new PercentageColumn())
            .Start(context => job(new Steps(context)));
    }

    private sealed class Steps(ProgressContext context) : IProgress<JobProgress>
    {
        private readonly Lock gate = new();
        private string? step;
        private ProgressTask? task;

        public void Report(JobProgress value)
        {
            lock (gate)
            {
                if (step != value.Step || task is null)
                {
                    Finish();
                    step = value.Step;
                    task = context.AddTask(Markup.Escape(PlainText.Line(value.Step)), new ProgressTaskSettings { MaxValue = 1 });
                    task.IsIndeterminate = value.Share is null;
                }
                if (value.Share is { } share)
                {
                    task.IsIndeterminate = false;
                    task.Value = Math.Clamp(share, 0, 1);
                }
            }
        }

        private void Finish()
        {
            if (task is null)
                return;
            task.IsIndeterminate = false;
            task.Value = 1;
            task.StopTask();
        }
    }
}
