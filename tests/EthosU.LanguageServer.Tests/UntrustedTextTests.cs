using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline;
using EthosU.Testing;
using Xunit;

namespace EthosU.LanguageServer.Tests;

/// <summary>
/// Settings, names and folders are anybody's: they are described where they are wrong, and mean nothing to the editor beyond their letters.
/// </summary>
public sealed class UntrustedTextTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SettingsThatFailedAreDescribed()
    {
        foreach (string file in Directory.GetFiles(SharedData.Require("data", "hostile", "json-crash")))
            Assert.ThrowsAny<UserErrorException>(
                () => SettingsReader.FromText(file, File.ReadAllText(file), new(), folder.File("net.onnx")).RequireTarget());
    }

    [Theory]
    [InlineData("""{ "target": "\ud800" }""")]
    [InlineData("""{ "\udfff": 1 }""")]
    [InlineData("""{ "models": { "a\ud800.onnx": {} } }""")]
    [InlineData("""{ "models": { "net.onnx": { "int16Layers": ["\ud800x"] } } }""")]
    [InlineData("""{ "calibration": { "data": "a\u0000b" } }""")]
    [InlineData("""{ "calibration": { "mean": ["\udc00"] } }""")]
    [InlineData("""{ "config": "\u0000" }""")]
    public void TextThatIsNoneIsDescribed(string json) =>
        Assert.Throws<SettingsException>(() => SettingsReader.FromText(folder.File("ethosu.json"), json, new(), folder.File("net.onnx")));

    [Fact]
    public void ANullCharacterInAModelsNameIsNoModel() =>
        SettingsReader.FromText(folder.File("ethosu.json"), """{ "models": { "a\u0000.onnx": { "batch": 2 } } }""", new(),
        folder.File("net.onnx"));

    [Theory]
    [InlineData("[x](command:y)", "[x] (command:y)")]
    [InlineData("a\u001b]8;;http://e\u0007b", "a\\u001B]8;;http://e\\u0007b")]
    [InlineData("one\ntwo", "one\ntwo")]
    public void ANoticeHasNoLinks(string text, string shown) => Assert.Equal(shown, EditorText.Notice(text));

    [Fact]
    public void HalfACharacterIsShownAsItsCode() => Assert.Equal("\ud83d\ude00 \\uD83D", EditorText.Notice("\ud83d\ude00 \ud83d"));

    [Fact]
    public void ALabelHasNoPicturesAndLines() => Assert.Equal("$ (trash) a\\u000Ab", EditorText.Label("$(trash) a\nb"));

    [Theory]
    [InlineData("[a](command:b)", @"\[a\]\(command\:b\)")]
    [InlineData("https://a.b www.c", @"https\:\/\/a\.b www\.c")]
    [InlineData("<img src=x>", @"\<img src\=x\>")]
    [InlineData("`a` **b** _c_\n# d", @"\`a\` \*\*b\*\* \_c\_\\u000A\# d")]
    public void MarkdownIsOnlyText(string text, string escaped) => Assert.Equal(escaped, EditorText.Markdown(text));

    [Fact]
    public void AnUntrustedWorkspaceLeadsNowhereElse()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        using TemporaryFolder outside = new();
        string secret = outside.Write("secret.onnx", [1]), link = folder.File("link.onnx"), own = folder.Write("own.onnx", [1]),
            inner = folder.File("inner.onnx");
        File.CreateSymbolicLink(link, secret);
        File.CreateSymbolicLink(inner, own);
        Directory.CreateSymbolicLink(folder.File("sub"), outside.Path);
        Workspace workspace = new();
        workspace.SetFolders([DocumentUri.FromPath(folder.Path)]);
        string[] leaving = [secret, link, folder.File("sub/secret.onnx"), "//server/share/a.onnx", @"\\server\share\a.onnx"];
        foreach (string path in leaving)
            workspace.RequireReadable(path);
        workspace.IsTrusted = false;
        foreach (string path in leaving)
            Assert.Throws<UserErrorException>(() => workspace.RequireReadable(path));
        workspace.RequireReadable(own);
        workspace.RequireReadable(inner);
    }

    [Fact]
    public void OnlyOwnFilesAreReplacedUnasked()
    {
        Assert.True(OwnFiles.MayReplace(folder.File("absent")));
        Assert.False(OwnFiles.MayReplace(folder.Write("other", "somebody's"u8)));
        Assert.False(OwnFiles.MayReplace(folder.Write("empty", [])));
        Assert.True(OwnFiles.MayReplace(folder.Write("own", [.. new byte[(1 << 20) + 9], .. "(Ethos-U Bridge)"u8])));
        Assert.True(OwnFiles.MayReplace(folder.Write("across", [.. new byte[(1 << 20) + 5], .. "Ethos-U Bridge"u8, .. new byte[1 << 20]])));
    }

    [Fact]
    public async Task ModelsThatNeverEndDoNotStopTheOthers()
    {
        string[] models =
            [.. new[] { "a.onnx", "b.onnx", "c.onnx" }
            .Select(name => folder.Write(name, [1, .. System.Text.Encoding.UTF8.GetBytes(name)]))];
        using ManualResetEventSlim end = new();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using Analyzer analyzer = new(new Workspace(), (options, _) =>
        {
            if (options.ModelPath != models[2])
                end.Wait(TimeSpan.FromMinutes(1), CancellationToken.None);
            throw new Graphs.ModelFormatException(options.ModelPath, "", "no model");
        }, TimeSpan.FromMilliseconds(50));
        Task[] poisoned = [analyzer.AnalyzeAsync(models[0], null, cancellation), analyzer.AnalyzeAsync(models[1], null, cancellation)];
        await analyzer.AnalyzeAsync(models[2], null, cancellation).WaitAsync(TimeSpan.FromSeconds(30), cancellation);
        Assert.All(poisoned, task => Assert.False(task.IsCompleted));
        end.Set();
        await Task.WhenAll(poisoned);
    }
}
