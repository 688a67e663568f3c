using Xunit;

namespace EthosU.Testing;

/// <summary>Finds the repository and the third-party test data that lies beside it, and skips tests where it does not.</summary>
public static class SharedData
{
    /// <summary>The repository's top folder.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The folder of third-party test data beside the repository; it may not exist.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared"));

    /// <summary>True where the third-party test data is present.</summary>
    public static bool Exists => Directory.Exists(Root);

    /// <summary>The full path of a file or folder of the test data; the running test is skipped where it is missing.</summary>
    public static string Require(params string[] parts)
    {
        string path = Path.Combine([Root, .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"test data '{string.Join('/', parts)}' is not present beside the repository");
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Extension.sln")))
                return folder.FullName;
        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
