namespace EthosU.LanguageServer.Features;

/// <summary>Whether a model was exported before its script became what it is.</summary>
internal static class ExportAge
{
    /// <summary>Files of one checkout are written within this time.</summary>
    private static readonly TimeSpan SameTime = TimeSpan.FromMinutes(1);

    /// <summary>True if the script was written after the model.</summary>
    public static bool IsOlder(string model, string script) =>
        File.GetLastWriteTimeUtc(script) > File.GetLastWriteTimeUtc(model) + SameTime;
}
