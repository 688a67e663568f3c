using System.Diagnostics;
using EthosU.Testing;
using Xunit;

namespace EthosU.Files.Tests;

/// <summary>
/// What is written: whole or not at all, never over what is no regular file, never over an input, and it stays whose it was.
/// </summary>
public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WhatIsNoRegularFileIsNotReplaced()
    {
        foreach (string path in SpecialFiles.In(folder))
        {
            Assert.Contains("not replaced", Assert.Throws<IOException>(() => OutputFile.Check(path)).Message, StringComparison.Ordinal);
            Assert.Throws<IOException>(() => OutputFile.Write(path, [1]));
        }
        Assert.False(File.GetAttributes("/dev/null").HasFlag(FileAttributes.Directory));
        Assert.Throws<IOException>(() => OutputFile.Check("/dev/null"));
    }

    [Fact]
    public void ALinkIsFollowed()
    {
        string file = folder.Write("file", [1]);
        File.CreateSymbolicLink(folder.File("link"), file);
        File.CreateSymbolicLink(folder.File("dangling"), folder.File("new"));
        OutputFile.Write(folder.File("link"), [2]);
        OutputFile.Write(folder.File("dangling"), [3]);
        Assert.Equal([2], File.ReadAllBytes(file));
        Assert.Equal([3], File.ReadAllBytes(folder.File("new")));
        Assert.NotNull(new FileInfo(folder.File("link")).LinkTarget);
        Assert.NotNull(new FileInfo(folder.File("dangling")).LinkTarget);
    }

    [Fact]
    public void ModeAndOwnerStay()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("modes and owners of Unix");
            return;
        }
        string file = folder.Write("file", [1]);
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead;
        File.SetUnixFileMode(file, Mode);
        bool root = Environment.UserName == "root";
        if (root)
            Run("chown", "12345:23456", file);
        OutputFile.Write(file, [2]);
        Assert.Equal(Mode, File.GetUnixFileMode(file));
        if (root)
            Assert.Equal("12345:23456", Run("stat", "-c", "%u:%g", file).Trim());
    }

    [Fact]
    public void AnInputIsNotOverwritten()
    {
        string input = folder.Write("input", [1]), link = folder.File("link"), hard = folder.File("hard");
        File.CreateSymbolicLink(link, input);
        Assert.Contains("overwrite", Assert.Throws<IOException>(() => OutputFile.Check(input, input)).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => OutputFile.Check(link, "absent", input));
        if (!OperatingSystem.IsWindows())
        {
            Run("ln", input, hard);
            Assert.Throws<IOException>(() => OutputFile.Check(hard, input));
        }
        Assert.Throws<IOException>(() => OutputFile.Check(folder.File("new"), folder.File("./new")));
        OutputFile.Check(folder.File("new"), input, null);
    }

    [Fact]
    public void AFailureLeavesNothing()
    {
        string file = folder.Write("file", [1]);
        using (PendingFile pending = new(file))
            pending.Stream.Write([2, 2]);
        Assert.Equal([1], File.ReadAllBytes(file));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void AClosedFileGoesOnAtItsEnd()
    {
        string file = folder.Write("file", [1]);
        using (PendingFile pending = new(file))
        {
            foreach (byte value in new byte[] { 2, 3, 4 })
            {
                pending.Stream.Write([value]);
                pending.Close();
            }
            pending.Keep();
        }
        Assert.Equal([2, 3, 4], File.ReadAllBytes(file));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
