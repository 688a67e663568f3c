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
            ProjectSettings settings;
            if (workspace.TryGet(DocumentUri.FromPath(path)) is { } open)
                settings = SettingsReader.FromText(path, open.Text, defaults);
            else if (InputFile.Exists(path))
                settings = SettingsReader.FromFile(path, defaults);
            else
                return [];
            settings.RequireTarget();
            return MissingData(settings) is { } missing ? [missing] : [];
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

    /// <summary>Calibration data that are not there: every conversion would fail, each with the same words.</summary>
    private static Diagnostic? MissingData(ProjectSettings settings)
    {
        if (settings.Calibration.Path is not { } data || InputFile.IsOnNetwork(data) || Path.Exists(data))
            return null;
        int line = SettingsReader.LineOf(settings.FileText, "data", settings.FileText.IndexOf("\"calibration\"", StringComparison.Ordinal));
        return Make(line, $"The calibration data {data} are not there: name a folder of images or .npy files, or a .npz or .npy file.");
    }

    /// <summary>A problem of settings on a line, from 0.</summary>
    public static Diagnostic Make(int line, string message) =>
        new(Protocol.Range.OfLine(line), DiagnosticSeverity.Error, "settings", "Ethos-U", message);
}
