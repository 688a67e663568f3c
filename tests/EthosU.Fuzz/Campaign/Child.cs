using System.Diagnostics;
using System.Globalization;
using EthosU.Fuzz.Kinds;

namespace EthosU.Fuzz.Campaign;

/// <summary>A child process with limits of time and memory; it is started again when it dies.</summary>
/// <param name="kind">What it runs.</param>
/// <param name="campaign">The campaign's seed.</param>
internal sealed class Child(FuzzKind kind, int campaign) : IDisposable
{
    private const long MostMemory = 1L << 30;
    private const int Retirement = 20_000;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10);
    // The machine may be shared: what computes for ten seconds can take minutes of it, and only what waits for ever takes longer.
    private static readonly TimeSpan MostWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private Process? process;
    private int served;

    /// <summary>Runs a mutant by its number; returns what must not happen, or null.</summary>
    public string? Run(int number) => Ask(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Runs a file with the choices of a number.</summary>
    public string? Run(string path, int number) => Ask($"{ChildLoop.FilePrefix}{number.ToString(CultureInfo.InvariantCulture)} {path}");

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private string? Ask(string line)
    {
        if (process is null || process.HasExited || served++ > Retirement)
            Start();
        Process running = process!;
        try
        {
            running.StandardInput.WriteLine(line);
            running.StandardInput.Flush();
        }
        catch (IOException)
        {
            Stop();
            return "the process died before it began";
        }
        Task<string?> answer = running.StandardOutput.ReadLineAsync();
        TimeSpan before = ProcessorTime(running);
        Stopwatch watch = Stopwatch.StartNew();
        while (!answer.Wait(Look))
        {
            string? fault = ProcessorTime(running) - before > MostTime ? $"runs for more than {MostTime.TotalSeconds} s"
                : watch.Elapsed > MostWait ? $"waits for more than {MostWait.TotalMinutes} minutes"
                : Memory(running) > MostMemory ? "takes more than 1 GiB" : null;
            if (fault is null)
                continue;
            Stop();
            return fault;
        }
        if (answer.Result is { } verdict)
            return verdict == "ok" ? null : verdict["fault ".Length..];
        running.WaitForExit();
        string code = running.ExitCode.ToString(CultureInfo.InvariantCulture);
        Stop();
        return $"the process dies with {code}";
    }

    private static TimeSpan ProcessorTime(Process running)
    {
        try
        {
            running.Refresh();
            return running.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }

    private static long Memory(Process running)
    {
        try
        {
            running.Refresh();
            return running.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    private void Start()
    {
        Stop();
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(Child).Assembly.Location);
        foreach (string argument in new[] { "--child", "--kind", kind.Name, "--seed", campaign.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        // A second bound beside the one that is looked at: a machine must not run out of memory between two looks.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x60000000";
        // A child runs each path a few times at most: what is compiled twice takes half of its time.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        process = Process.Start(start);
        served = 0;
    }

    private void Stop()
    {
        if (process is null)
            return;
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
        process.WaitForExit();
        process.Dispose();
        process = null;
    }
}
