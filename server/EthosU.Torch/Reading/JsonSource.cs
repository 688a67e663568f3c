using EthosU.Graphs;

namespace EthosU.Torch.Reading;

/// <summary>Where a piece of JSON is from: says what is wrong with it.</summary>
/// <param name="file">The file.</param>
/// <param name="entry">The entry of the archive.</param>
internal sealed class JsonSource(string file, string entry)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>What is being read, for messages: a node, a value.</summary>
    public string Where { get; set; } = "";

    /// <summary>What is wrong.</summary>
    public ModelFormatException Problem(string what, Exception? inner = null) =>
        new(File, Where.Length > 0 ? $"{entry}, {Where}" : entry, what, inner);
}
