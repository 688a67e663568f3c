using EthosU.LanguageServer.Hosting;

namespace EthosU.LanguageServer.Features;

/// <summary>URIs of listings: the model's path with <c>.listing</c> behind it, in a scheme of their own.</summary>
internal static class ListingUri
{
    private const string Scheme = "ethosu-listing:";
    private const string Extension = ".listing";

    /// <summary>The listing of a model.</summary>
    public static string FromPath(string path) => Scheme + DocumentUri.FromPath(path)["file:".Length..] + Extension;

    /// <summary>The model of a listing; null if the URI is no listing's.</summary>
    public static string? TryToPath(string uri) =>
        uri.StartsWith(Scheme, StringComparison.Ordinal) && uri.EndsWith(Extension, StringComparison.Ordinal)
            ? DocumentUri.TryToPath("file:" + FileAuthority(uri[Scheme.Length..^Extension.Length]))
            : null;

    // The editor writes a URI without authority as scheme:/path or scheme:///path.
    private static string FileAuthority(string rest) => rest.StartsWith("//", StringComparison.Ordinal) ? rest : "//" + rest;
}
