using EthosU.Testing;
using Xunit;

namespace EthosU.Optimize.Tests;

/// <summary>
/// Expected texts, in files of <c>Data</c>. With ETHOSU_UPDATE_EXPECTED=1 they are written anew, to be looked at before a commit.
/// </summary>
internal static class Expected
{
    public static void AssertText(string file, string actual)
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "tests", "EthosU.Optimize.Tests", "Data", file);
        if (Environment.GetEnvironmentVariable("ETHOSU_UPDATE_EXPECTED") == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }
        Assert.True(File.Exists(path), $"there is no '{file}'");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual);
    }
}
