using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Checking;
using EthosU.Testing;

namespace EthosU.LanguageServer.Tests.Wire;

/// <summary>A folder with samples, opened by an editor.</summary>
internal sealed class EditorWorkspace : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public string Path => folder.Path;

    public string File(string name) => folder.File(name);

    public string Uri(string name) => DocumentUri.FromPath(folder.File(name));

    public string ListingUri(string name) => Features.ListingUri.FromPath(folder.File(name));

    public void Write(string name, string text) => System.IO.File.WriteAllText(folder.File(name), text);

    public EditorWorkspace Copy(string sample, string file, string? name = null)
    {
        System.IO.File.Copy(System.IO.Path.Combine(SharedData.RepositoryRoot, "samples", sample, file), folder.File(name ?? file));
        return this;
    }

    public async Task<WireClient> StartAsync(Func<CheckOptions, CancellationToken, CheckedModel>? check = null)
    {
        WireClient client = new(check);
        await client.InitializeAsync(DocumentUri.FromPath(Path));
        return client;
    }

    public void Dispose() => folder.Dispose();
}
