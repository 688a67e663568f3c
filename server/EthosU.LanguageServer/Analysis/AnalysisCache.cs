namespace EthosU.LanguageServer.Analysis;

/// <summary>Keeps the results used last, up to a total size. Safe for use by several threads.</summary>
/// <param name="capacity">The sum of sizes that is kept; the newest result is kept whatever its size.</param>
internal sealed class AnalysisCache<T>(long capacity) where T : class
{
    private readonly Lock gate = new();
    private readonly LinkedList<(string Key, T Value, long Size)> order = [];
    private readonly Dictionary<string, LinkedListNode<(string Key, T Value, long Size)>> entries = [];
    private long total;

    /// <summary>The result under a key; null if it is not kept.</summary>
    public T? TryGet(string key)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var entry))
                return null;
            order.Remove(entry);
            order.AddFirst(entry);
            return entry.Value.Value;
        }
    }

    /// <summary>Keeps a result; the ones unused for longest go where there are too many.</summary>
    public void Add(string key, T value, long size)
    {
        lock (gate)
        {
            if (entries.Remove(key, out var old))
                Drop(old);
            entries[key] = order.AddFirst((key, value, size));
            total += size;
            while (total > capacity && order.Count > 1)
            {
                var last = order.Last!;
                entries.Remove(last.Value.Key);
                Drop(last);
            }
        }
    }

    private void Drop(LinkedListNode<(string Key, T Value, long Size)> entry)
    {
        order.Remove(entry);
        total -= entry.Value.Size;
    }
}
