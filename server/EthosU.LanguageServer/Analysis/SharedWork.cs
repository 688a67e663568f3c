namespace EthosU.LanguageServer.Analysis;

/// <summary>
/// Work that is done once for everybody who asks for it at the same time, and given up when nobody waits for it any more.
/// </summary>
internal sealed class SharedWork<T>
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Running> running = new(StringComparer.Ordinal);

    /// <summary>The result of the work under a key: of the work under way, or of new work.</summary>
    /// <param name="key">What the work is about.</param>
    /// <param name="work">Does it.</param>
    /// <param name="cancellation">Ends the wait; the work itself goes on while others wait for it.</param>
    public async Task<T> RunAsync(string key, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Running mine;
        lock (gate)
        {
            if (!running.TryGetValue(key, out mine!))
            {
                running[key] = mine = new();
                mine.Result = Task.Run(() => DoAsync(key, mine, work), CancellationToken.None);
            }
            mine.Waiting++;
        }
        try
        {
            return await mine.Result.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                if (--mine.Waiting == 0 && !mine.Result.IsCompleted)
                {
                    Remove(key, mine);
                    mine.Stop.Cancel();
                }
            }
        }
    }

    private async Task<T> DoAsync(string key, Running mine, Func<CancellationToken, Task<T>> work)
    {
        try
        {
            return await work(mine.Stop.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
                Remove(key, mine);
        }
    }

    private void Remove(string key, Running mine)
    {
        if (running.TryGetValue(key, out Running? current) && current == mine)
            running.Remove(key);
    }

    private sealed class Running
    {
        public CancellationTokenSource Stop { get; } = new();

        public Task<T> Result { get; set; } = null!;

        public int Waiting { get; set; }
    }
}
