using EthosU.LanguageServer.Hosting;

namespace EthosU.LanguageServer.Features;

/// <summary>Where the pages about rules are.</summary>
internal static class RulePages
{
    /// <summary>The URI of a rule's page; null if the editor has no pages.</summary>
    public static string? UriOf(Workspace workspace, string rule) =>
        workspace.RulesFolder is { } folder ? DocumentUri.FromPath(Path.Combine(folder, rule + ".md")) : null;
}
