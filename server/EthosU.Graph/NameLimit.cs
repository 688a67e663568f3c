namespace EthosU.Graphs;

/// <summary>How long names in model files may be: endless ones are made to harm, and are repeated in every message.</summary>
public static class NameLimit
{
    /// <summary>The most characters of a name.</summary>
    public const int Longest = 1 << 14;

    private const int Shown = 40;

    /// <summary>What is wrong with a name that is too long; null for others.</summary>
    public static string? Problem(string name) =>
        name.Length <= Longest ? null : $"its name has {name.Length} characters; at most {Longest} are possible";

    /// <summary>A name as messages show it where it may be too long.</summary>
    public static string Shorten(string name) => name.Length <= Longest ? name : $"{name[..Shown]}…";
}
