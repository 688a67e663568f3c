using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;
using EthosU.Pipeline;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>Runs long work for a request, one at a time, and tells its progress under the request's token.</summary>
internal sealed class JobRunner(Client client) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Runs work; it is cancelled by the request's token or by <c>window/workDoneProgress/cancel</c>.</summary>
    public async Task<T> RunAsync<T>(string? token, string title, Func<IProgress<JobProgress>, CancellationToken, T> work,
        CancellationToken cancellation)
    {
        return await TrackAsync(token, title, async stop =>
        {
            if (!await turn.WaitAsync(0, stop).ConfigureAwait(false))
            {
                if (token is not null)
                    await client.ReportProgressAsync(token, new("report", Message: "waiting for the job before it")).ConfigureAwait(false);
                await turn.WaitAsync(stop).ConfigureAwait(false);
            }
            try
            {
                Reporter progress = new(client, token);
                return await Task.Run(() => work(progress, stop), stop).ConfigureAwait(false);
            }
            finally
            {
                turn.Release();
            }
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Begins and ends the progress of work that need not wait for other jobs; it is cancelled like them.</summary>
    public async Task<T> TrackAsync<T>(string? token, string title, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (token is not null)
        {
            running[token] = stop;
            await client.ReportProgressAsync(token, new("begin", Title: title, Cancellable: true)).ConfigureAwait(false);
        }
        try
        {
            return await work(stop.Token).ConfigureAwait(false);
        }
        finally
        {
            if (token is not null)
            {
                running.TryRemove(token, out _);
                await client.ReportProgressAsync(token, new("end")).ConfigureAwait(false);
            }
        }
    }

    [JsonRpcMethod("window/workDoneProgress/cancel", UseSingleObjectParameterDeserialization = true)]
    public void Cancel(WorkDoneProgressCancelParams parameters)
    {
        if (parameters.Token.ValueKind == JsonValueKind.String
            && running.TryGetValue(parameters.Token.GetString()!, out CancellationTokenSource? stop))
            stop.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    private sealed class Reporter(Client client, string? token) : IProgress<JobProgress>
    {
        private readonly Lock gate = new();
        private string step = "";
        private long last;

        public void Report(JobProgress value)
        {
            lock (gate)
            {
                if (token is null || (value.Step == step && Stopwatch.GetElapsedTime(last) < Pause))
                    return;
                (step, last) = (value.Step, Stopwatch.GetTimestamp());
                _ = client.ReportProgressAsync(token,
                    new("report", Message: value.Share is { } share ? $"{value.Step} ({Figures.Percent(Math.Round(share, 2))})"
                        : value.Step));
            }
        }
    }
}
