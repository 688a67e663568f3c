namespace EthosU.Graphs;

/// <summary>Hands out names, each once: a wanted name that is taken gets a number behind it.</summary>
public sealed class UniqueNames
{
    private readonly Dictionary<string, int> taken = new(StringComparer.Ordinal);

    /// <summary>Names already in use.</summary>
    public UniqueNames(IEnumerable<string>? used = null)
    {
        foreach (string name in used ?? [])
            taken.TryAdd(name, 0);
    }

    /// <summary>The wanted name, or it with the first free number behind: <c>name_1</c>.</summary>
    public string Make(string wanted)
    {
        if (taken.TryAdd(wanted, 0))
            return wanted;
        for (; ; )
        {
            string name = $"{wanted}_{++taken[wanted]}";
            if (taken.TryAdd(name, 0))
                return name;
        }
    }
}
