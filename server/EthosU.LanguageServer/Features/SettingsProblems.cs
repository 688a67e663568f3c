using EthosU.Files;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;

namespace EthosU.LanguageServer.Features;

/// <summary>What is wrong with a settings file.</summary>
internal static class SettingsProblems
{
    /// <summary>True for a settings file, by its name.</summary>
    public static bool IsSettings(string path) => Path.GetFileName(path) == ProjectSettings.FileName;

    /// <summary>The problems of a settings file as it stands in the editor, or on disk where it is not open.</summary>
    public static IReadOnlyList<Diagnostic> Of(string path, Workspace workspace)
    {
        try
        {
            ProjectSettings defaults = ProjectSettings.OfEditor(path, workspace.Folders, workspace.Settings);
            if (workspace.TryGet(DocumentUri.FromPath(path)) is { } open)
                SettingsReader.FromText(path, open.Text, defaults).RequireTarget();
            else if (InputFile.Exists(path))
                SettingsReader.FromFile(path, defaults).RequireTarget();
            return [];
        }
        catch (SettingsException e)
        {
            return [Make(e.Line, e.Problem)];
        }
        catch (Exception e) when (e is UserErrorException or IOException or UnauthorizedAccessException)
        {
            return [Make(0, e.Message)];
        }
    }

    /// <summary>A problem of settings on a line, from 0.</summary>
    public static Diagnostic Make(int line, string message) =>
        new(Protocol.Range.OfLine(line), DiagnosticSeverity.Error, "settings", "Ethos-U", message);
}
