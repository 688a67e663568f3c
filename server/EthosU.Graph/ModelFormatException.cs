namespace EthosU.Graphs;

/// <summary>A file is not what it should be: damaged, truncated, or of another format.</summary>
/// <param name="file">The file, as the user named it.</param>
/// <param name="location">Where in it: an offset, a node, a field.</param>
/// <param name="expected">What was expected and what was found.</param>
/// <param name="inner">The exception that said so, if another library did.</param>
public sealed class ModelFormatException(string file, string location, string expected, Exception? inner = null)
    : Exception($"{file}: {(location.Length > 0 ? location + ": " : "")}{expected}", inner)
{
    /// <summary>The file, as the user named it.</summary>
    public string File { get; } = file;

    /// <summary>Where in the file.</summary>
    public string Location { get; } = location;

    /// <summary>What was expected and what was found.</summary>
    public string Expected { get; } = expected;
}
