using EthosU.Testing;
using Xunit;

namespace EthosU.Files.Tests;

/// <summary>What is read: regular files, up to a size, and nothing that waits or never ends.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OnlyRegularFilesAreOpened()
    {
        foreach (string path in SpecialFiles.In(folder))
        {
            IOException error = Assert.Throws<IOException>(() => InputFile.Require(path, "a model"));
            Assert.Contains("only regular files are read", error.Message, StringComparison.Ordinal);
            Assert.Throws<IOException>(() => InputFile.OpenRead(path));
            Assert.Throws<IOException>(() => InputFile.ReadAllText(path));
            Assert.Throws<IOException>(() => InputFile.RequireFileOrFolder(path, "data"));
            Assert.False(InputFile.Exists(path));
        }
    }

    [Fact]
    public void WhatIsMissingOrAFolderIsNamedAsThat()
    {
        Assert.Contains("there is no such file",
            Assert.Throws<FileNotFoundException>(() => InputFile.Require(folder.File("absent"), "a model")).Message,
            StringComparison.Ordinal);
        Assert.Contains("this is a folder", Assert.Throws<FileNotFoundException>(() => InputFile.Require(folder.Path, "a model")).Message,
            StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => InputFile.Require("a\0b", "a model"));
        Assert.Throws<FileNotFoundException>(() => InputFile.Require("", "a model"));
        InputFile.RequireFileOrFolder(folder.Path, "data");
    }

    [Fact]
    public void ALinkToAFileIsRead()
    {
        string file = folder.Write("file", [1, 2, 3]);
        File.CreateSymbolicLink(folder.File("link"), file);
        Assert.Equal([1, 2, 3], InputFile.ReadAllBytes(folder.File("link"), 3));
        Assert.True(InputFile.IsSame(folder.File("link"), file));
        Assert.False(InputFile.IsSame(folder.Write("other", [1, 2, 3]), file));
    }

    [Fact]
    public void ASizeIsBoundedBeforeItIsRead()
    {
        using (FileStream sparse = File.Create(folder.File("huge")))
            sparse.SetLength(1L << 40);
        Assert.Contains("at most",
            Assert.Throws<IOException>(() => InputFile.ReadAllBytes(folder.File("huge"), InputFile.LargestModel)).Message,
            StringComparison.Ordinal);
        Assert.Throws<IOException>(() => InputFile.ReadAllText(folder.File("huge")));
    }

    [Theory]
    [InlineData(@"\\server\share\a.py", true)]
    [InlineData("//server/share/a.py", true)]
    [InlineData("/home/a.py", false)]
    [InlineData(@"C:\a.py", false)]
    [InlineData(@"\\?\C:\a.py", false)]
    [InlineData("a", false)]
    public void PathsOnOtherComputersAreKnown(string path, bool expected) => Assert.Equal(expected, InputFile.IsOnNetwork(path));
}
