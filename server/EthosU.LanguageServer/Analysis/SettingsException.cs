using EthosU.LanguageServer.Hosting;

namespace EthosU.LanguageServer.Analysis;

/// <summary>A settings file is wrong.</summary>
/// <param name="file">The file.</param>
/// <param name="line">The line that is wrong, from 0.</param>
/// <param name="problem">What is wrong, without the file's name.</param>
internal sealed class SettingsException(string file, int line, string problem) : UserErrorException($"{file}:{line + 1}: {problem}")
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The line that is wrong, from 0.</summary>
    public int Line { get; } = line;

    /// <summary>What is wrong.</summary>
    public string Problem { get; } = problem;
}
