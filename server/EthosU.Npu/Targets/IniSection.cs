namespace EthosU.Npu.Targets;

/// <summary>A section of a configuration file; keys are lower case.</summary>
internal sealed class IniSection(string name, string file, int line)
{
    public string Name { get; } = name;

    public string File { get; } = file;

    public int Line { get; } = line;

    /// <summary>The keys in the order of the file.</summary>
    public Dictionary<string, IniEntry> Entries { get; } = new(StringComparer.Ordinal);
}
