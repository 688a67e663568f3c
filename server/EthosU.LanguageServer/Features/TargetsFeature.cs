using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Targets;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>The targets that can be chosen.</summary>
internal sealed class TargetsFeature(Workspace workspace)
{
    [JsonRpcMethod("ethosu/targets", UseSingleObjectParameterDeserialization = true)]
    public TargetsResult Targets(TargetsParams parameters)
    {
        TargetView[] targets =
            [.. AcceleratorSummary.All.Select(accelerator => new TargetView(accelerator.Name, accelerator.Title, Detail(accelerator)))];
        (string current, string? file) = Current(parameters.Uri);
        return new(targets, current, file);
    }

    /// <summary>The target in force for a model, or for the first folder.</summary>
    private (string Target, string? File) Current(string? uri)
    {
        string? model = uri is null ? workspace.Folders.Select(folder => Path.Combine(folder, "model")).FirstOrDefault()
            : DocumentUri.ToPath(uri);
        try
        {
            ProjectSettings settings = ProjectSettings.For(model ?? "", workspace.Folders, workspace.Settings);
            return (settings.Target.Accelerator, settings.TargetFile is { } file ? DocumentUri.FromPath(file) : null);
        }
        catch (UserErrorException)
        {
            // The settings' own diagnostics say what is wrong with them.
            return (TargetChoice.DefaultAccelerator, null);
        }
    }

    private static string Detail(AcceleratorSummary accelerator) =>
        $"{accelerator.MacsPerCycle} multiply-accumulates per cycle{(accelerator.Cores > 1 ? $", {accelerator.Cores} cores" : "")}; "
            + $"usually {new TargetChoice { Accelerator = accelerator.Name }.Summary().MemoryMode}";
}
