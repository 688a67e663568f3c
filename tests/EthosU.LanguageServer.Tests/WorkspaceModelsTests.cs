using System.Text.Json;
using EthosU.LanguageServer.Features;
using EthosU.LanguageServer.Hosting;
using Xunit;

namespace EthosU.LanguageServer.Tests;

public sealed class WorkspaceModelsTests
{
    [Theory]
    [InlineData("""{ "check": { "automatic": false } }""", false)]
    [InlineData("""{ "check": { "automatic": true } }""", true)]
    [InlineData("""{ "check": { "automatic": "no" } }""", true)]
    [InlineData("""{ "check": 3 }""", true)]
    [InlineData("""{ "check": [] }""", true)]
    [InlineData("""{}""", true)]
    [InlineData("""-1""", true)]
    [InlineData("""[1]""", true)]
    [InlineData("""null""", true)]
    public void Models_are_checked_unless_the_settings_say_no(string settings, bool expected)
    {
        Workspace workspace = new();
        workspace.Configure(JsonDocument.Parse(settings).RootElement);
        using WorkspaceModels models = new(workspace);
        Assert.Equal(expected, models.AreCheckedAutomatically);
    }
}
